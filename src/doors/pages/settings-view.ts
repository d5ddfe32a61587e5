import type { Context } from '#base/context.ts';
import { firstPage } from '#base/core/page.ts';
import { findAppsOf } from '#domain/accounts/app-queries.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { listSessions } from '#domain/accounts/sessions.ts';
import { listTokens } from '#domain/accounts/tokens.ts';
import { listFilters } from '#domain/filters/reading.ts';
import { listProfilePosts } from '#domain/posts/reading.ts';
import { listHiddenDomains } from '#domain/relationships/hidden-domain-queries.ts';
import { readMeter } from '#domain/storage/meter.ts';
import type { FormState, MoveCheck, SettingsPage } from '#doors/entities/page-types.ts';
import { statusesJson } from '#doors/entities/status.ts';
import type { SignedInCaller } from '#doors/http/auth.ts';
import { freshForm, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { readArchivePart } from './read-archive-part.ts';
import { readMoving } from './read-moving.ts';
import { deviceName } from './settings-device.ts';
import { settingsLimits } from './settings-limits.ts';

type Section = SettingsPage['section'];

/** Shows a section of the settings; `values` is what its form holds. */
export async function showSettings(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  section: Section,
  values: Record<string, string> = {},
  check: MoveCheck | null = null,
): Promise<Response> {
  const content = drawSettings(ctx, caller, section, freshForm(values), check);
  return await showPage(ctx, request, content, { caller });
}

/** Shows a section again after a mistake, with what was typed but passwords. */
export async function showSettingsAgain(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  section: Section,
  error: unknown,
  body: Readonly<Record<string, unknown>> = {},
): Promise<Response> {
  const values = typedValues(body, ['password', 'current_password', 'move_password']);
  return await showFormAgain(ctx, request, error, values, (form) =>
    drawSettings(ctx, caller, section, form),
  );
}

function drawSettings(
  ctx: Context,
  caller: SignedInCaller,
  section: Section,
  form: FormState,
  check: MoveCheck | null = null,
): PageContent {
  const { id } = caller.viewer;
  const deletionAt = findAccount(ctx.db, id)?.deletionAt ?? null;
  const props: SettingsPage = {
    section,
    storage: readMeter(ctx, id),
    limits: settingsLimits(ctx, id),
    sessions: section === 'security' ? sessionRows(ctx, caller) : [],
    tokens: section === 'security' ? tokenRows(ctx, id) : [],
    apps: section === 'security' ? appRows(ctx, id) : [],
    archived: section === 'storage' ? archivedPosts(ctx, caller) : [],
    form,
    filters: section === 'filters' ? filterRows(ctx, id) : [],
    hiddenDomains: section === 'interactions' ? hiddenDomains(ctx, id) : [],
    deletionAt: deletionAt === null ? null : new Date(deletionAt).toISOString(),
    archive: section === 'archive' ? readArchivePart(ctx, id) : null,
    moving: section === 'account' ? readMoving(ctx, caller.viewer, check) : null,
  };
  return { page: 'settings', title: 'Settings', props };
}

function sessionRows(ctx: Context, caller: SignedInCaller): SettingsPage['sessions'] {
  return listSessions(ctx, caller.viewer.id).map((session) => ({
    id: session.id,
    createdAt: new Date(session.createdAt).toISOString(),
    lastSeenAt: new Date(session.lastSeenAt).toISOString(),
    device: deviceName(session.userAgent),
    current: session.id === caller.session?.id,
  }));
}

function tokenRows(ctx: Context, accountId: number): SettingsPage['tokens'] {
  return listTokens(ctx, accountId).map((token) => ({
    id: String(token.id),
    name: token.name,
    scopes: token.scopes,
    createdAt: new Date(token.createdAt).toISOString(),
    lastUsedAt: token.lastUsedAt === null ? null : new Date(token.lastUsedAt).toISOString(),
  }));
}

function appRows(ctx: Context, accountId: number): SettingsPage['apps'] {
  return findAppsOf(ctx.db, accountId).map((app) => ({
    id: String(app.id),
    name: app.name,
    website: app.website === '' ? null : app.website,
    scopes: [...new Set(app.scopes.split(' '))],
    tokens: app.tokens,
    createdAt: new Date(app.createdAt).toISOString(),
    lastUsedAt: app.lastUsedAt === null ? null : new Date(app.lastUsedAt).toISOString(),
  }));
}

function filterRows(ctx: Context, id: number): SettingsPage['filters'] {
  return listFilters(ctx, { id }).map((filter) => ({
    id: String(filter.id),
    title: filter.title,
    words: filter.keywords.map(({ keyword }) => keyword),
    contexts: filter.contexts,
    action: filter.action,
    expiresAt: filter.expiresAt === null ? null : new Date(filter.expiresAt).toISOString(),
    over: filter.expiresAt !== null && filter.expiresAt <= ctx.now(),
  }));
}

function hiddenDomains(ctx: Context, accountId: number): string[] {
  return listHiddenDomains(ctx.db, accountId, firstPage(1000)).map(({ domain }) => domain);
}

function archivedPosts(ctx: Context, { viewer }: SignedInCaller): SettingsPage['archived'] {
  const filter = { archived: true, withComments: true };
  return statusesJson(ctx, listProfilePosts(ctx, viewer, viewer.id, firstPage(100), filter));
}
