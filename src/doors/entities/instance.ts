import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { findOwner } from '#domain/accounts/queries.ts';
import { readRegistration } from '#domain/closing.ts';
import { ownHost } from '#domain/own-address.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { readSetting } from '#domain/settings.ts';
import { accountsJson } from './account.ts';
import { addresses } from './addresses.ts';
import { houseRules } from './house-rules.ts';
import { instanceLimits } from './instance-limits.ts';
import type { AccountJson } from './types.ts';

/** What an Instance says that is counted or made elsewhere. */
export type InstanceFacts = {
  users: number;
  activeMonth: number;
  posts: number;
  domains: number;
  /** The public key of web push; empty while there is none. */
  vapidKey: string;
  /** False for a stranger at a closed instance, who learns what the software can do and nothing else. */
  open: boolean;
};

/**
 * The API that is spoken here: apps read the number in front. `api_versions` promises no more than
 * that there are grouped notifications.
 */
const API_VERSION = 2;
const VERSION = `4.3.0 (compatible; Tintype ${buildInfo.version})`;
const LANGUAGES = ['en'];

/** Mastodon's Instance, version 1 (docs.joinmastodon.org/entities/V1_Instance). */
export function instanceV1Json(ctx: Context, facts: InstanceFacts) {
  const base = describe(ctx, facts);
  return {
    uri: base.domain,
    title: base.title,
    short_description: base.description,
    description: base.description,
    email: '',
    version: VERSION,
    urls: { streaming_api: base.streaming },
    stats: { user_count: facts.users, status_count: facts.posts, domain_count: facts.domains },
    thumbnail: base.thumbnail,
    languages: LANGUAGES,
    registrations: base.registrations,
    approval_required: false,
    invites_enabled: base.invites,
    contact_account: base.contact,
    rules: base.rules,
    configuration: instanceLimits(ctx),
  };
}

/** Mastodon's Instance, version 2 (docs.joinmastodon.org/entities/Instance). */
export function instanceV2Json(ctx: Context, facts: InstanceFacts) {
  const base = describe(ctx, facts);
  return {
    domain: base.domain,
    title: base.title,
    version: VERSION,
    source_url: buildInfo.source ?? base.origin,
    description: base.description,
    usage: { users: { active_month: facts.activeMonth } },
    thumbnail: {
      url: base.thumbnail,
      description: '',
      blurhash: null,
      versions: { '@1x': base.thumbnail, '@2x': base.thumbnail },
    },
    icon: [{ src: base.thumbnail, size: '180x180' }],
    languages: LANGUAGES,
    configuration: {
      urls: {
        streaming: base.streaming,
        status: null,
        about: `${base.origin}/about`,
        privacy_policy: null,
        terms_of_service: null,
      },
      vapid: { public_key: facts.vapidKey },
      ...instanceLimits(ctx),
      translation: { enabled: false },
      timelines_access: accessOf(ctx),
      limited_federation: readSetting(ctx, 'federation.with') === 'allowlist',
    },
    registrations: {
      enabled: base.registrations,
      approval_required: false,
      reason_required: false,
      message: null,
      min_age: null,
      url: null,
    },
    api_versions: { mastodon: API_VERSION },
    contact: { email: '', account: base.contact },
    rules: base.rules,
  };
}

function describe(ctx: Context, { open }: InstanceFacts) {
  const { origin } = addresses(ctx.config);
  const domain = ownHost(ctx.config);
  const registration = readRegistration(ctx);
  return {
    origin,
    domain,
    title: open ? readSetting(ctx, 'instance.name') : domain,
    description: open ? readSetting(ctx, 'instance.description') : '',
    streaming: origin.replace(/^http/, 'ws'),
    thumbnail: `${origin}/apple-touch-icon.png`,
    registrations: registration === 'open',
    invites: registration !== 'closed',
    contact: open ? contactOf(ctx) : null,
    rules: open
      ? houseRules(ctx).map((text, index) => ({ id: String(index + 1), text, hint: '' }))
      : [],
  };
}

function contactOf(ctx: Context): AccountJson | null {
  const owner = findOwner(ctx.db);
  return owner === null ? null : (accountsJson(ctx, [owner])[0] ?? null);
}

/** Strangers read what is local; what comes from elsewhere is for members. */
function accessOf(ctx: Context) {
  const local = isClosed(ctx) ? 'authenticated' : 'public';
  const feeds = { local, remote: 'authenticated' };
  return {
    live_feeds: feeds,
    hashtag_feeds: feeds,
    trending_link_feeds: { local: 'disabled', remote: 'disabled' },
  };
}
