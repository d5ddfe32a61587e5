import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { isAdmin } from '#domain/accounts/viewer.ts';
import { hasClosed, readClosing, readRegistration } from '#domain/closing.ts';
import { countUnreadConversations } from '#domain/messages/queries.ts';
import { countOpenReports } from '#domain/moderation/report-admin-queries.ts';
import { countUnread } from '#domain/notifications/reading.ts';
import { listBanners } from '#domain/notify/banner-queries.ts';
import { originOf } from '#domain/origin.ts';
import { countFollowRequests } from '#domain/relationships/queries.ts';
import { readSetting } from '#domain/settings.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { PageViewer, Shell } from '#doors/entities/page-types.ts';
import { assetUrl } from './assets.ts';
import type { Caller } from './caller.ts';
import { takeNotice } from './notice.ts';
import { requestPath, requestQuery } from './request-facts.ts';

/** What every page is drawn with: the instance, who looks, and where. Takes the notice that was left. */
export function createShell(ctx: Context, caller: Caller, request: Request): Shell {
  const mode = readSetting(ctx, 'mode');
  const query = requestQuery(request);
  return {
    instance: {
      name: readSetting(ctx, 'instance.name'),
      description: readSetting(ctx, 'instance.description'),
      origin: originOf(ctx.config),
      version: buildInfo.version,
      mode,
      closed: mode === 'family',
      registration: readRegistration(ctx),
      sourceUrl: buildInfo.source,
    },
    closing: closingOf(ctx),
    viewer: viewerOf(ctx, caller),
    path: query === '' ? requestPath(request) : `${requestPath(request)}?${query}`,
    theme: caller.viewer === null ? 'auto' : readPreferences(ctx.db, caller.viewer.id).theme,
    asset: assetUrl,
    notice: takeNotice(ctx, request),
  };
}

function closingOf(ctx: Context): Shell['closing'] {
  const closing = readClosing(ctx);
  if (closing === null) return null;
  const at = new Date(closing.closesAt).toISOString();
  return { at, over: hasClosed(ctx), message: closing.message };
}

function viewerOf(ctx: Context, caller: Caller): PageViewer | null {
  if (caller.viewer === null || caller.session === null) return null;
  const row = findAccount(ctx.db, caller.viewer.id);
  const [account] = row ? accountsJson(ctx, [row]) : [];
  if (!account) return null;
  const { id, role } = caller.viewer;
  const requests = countFollowRequests(ctx.db, id);
  const reports = isAdmin(caller.viewer) ? countOpenReports(ctx.db) : 0;
  const unread = countUnread(ctx, caller.viewer, 99, { exclude: ['follow_request'] });
  const messages = countUnreadConversations(ctx.db, id, 99);
  const banners = isAdmin(caller.viewer) ? bannersOf(ctx) : [];
  const { csrf } = caller.session;
  return { account, role, csrf, requests, unread, messages, reports, banners };
}

function bannersOf(ctx: Context): PageViewer['banners'] {
  return listBanners(ctx.db).map(({ key, subject, text, raisedAt }) => ({
    key,
    subject,
    text,
    at: new Date(raisedAt).toISOString(),
  }));
}
