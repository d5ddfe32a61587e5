import { generateRequestDetails } from 'web-push';
import type { Context } from '#base/context.ts';
import { FetchError } from '#base/platform/fetch.ts';
import type { JobPayload } from '#domain/kinds.ts';
import { findNotification, type NotificationRow } from '#domain/notifications/reading.ts';
import {
  deleteBrowserPush,
  deletePush,
  findBrowserPush,
  findPush,
  isFollowing,
  type PushPolicy,
  type PushTarget,
} from '#domain/notify/push-queries.ts';
import { pushSeal } from '#domain/notify/push-subscriptions.ts';
import { readVapid } from '#domain/notify/vapid.ts';
import { originOf } from '#domain/origin.ts';
import { notificationsJson } from '#doors/entities/notification.ts';
import { type PushPayload, pushPayload } from './push-payload.ts';

/** Seconds for which a push service keeps a message for a phone that is off; older news is not sent at all. */
const TTL = 2 * 86_400;
const DEADLINE = 15_000;
const MOST_BYTES = 10_000;
/** What a push service says of a subscription that is over (RFC 8030 §7.3, RFC 8292 §4.2). */
const OVER = new Set([404, 410]);
/** Worth another try; every other refusal would be the same again. */
const LATER = new Set([408, 425, 429]);

/** A subscription as it is sent to, whoever made it. */
type Subscription = {
  target: PushTarget;
  encoding: 'aesgcm' | 'aes128gcm';
  policy: PushPolicy;
  accessToken: string;
  end: () => void;
};

/**
 * Tells one app or browser of one notification, if both are still there and its owner wants to hear of
 * whoever caused it. Throws when another try makes sense.
 */
export async function sendPush(
  ctx: Context,
  news: JobPayload<'push.send'>,
  signal: AbortSignal,
): Promise<void> {
  const viewer = { id: news.accountId };
  const subscription = readSubscription(ctx, news);
  const row = subscription && findNotification(ctx, viewer, news.notificationId);
  if (!subscription || !row || ctx.now() - row.createdAt > TTL * 1000) return;
  if (!isWanted(ctx, viewer.id, row, subscription.policy)) return;
  const [notification] = notificationsJson(ctx, viewer, [row]);
  if (!notification) return;
  const payload = pushPayload(ctx, notification, subscription.accessToken);
  await send(ctx, subscription, payload, signal);
}

function readSubscription(ctx: Context, news: JobPayload<'push.send'>): Subscription | null {
  const { subscriptionId, sessionId } = news;
  if (subscriptionId !== undefined) {
    const row = findPush(ctx.db, subscriptionId, ctx.now());
    if (row === null) return null;
    return {
      target: row,
      encoding: row.standard === 1 ? 'aes128gcm' : 'aesgcm',
      policy: row.policy,
      accessToken: pushSeal(ctx).unseal(row.sealedToken) ?? '',
      end: () => deletePush(ctx.db, row.id),
    };
  }
  const row = sessionId === undefined ? null : findBrowserPush(ctx.db, sessionId, ctx.now());
  if (row === null) return null;
  const end = () => deleteBrowserPush(ctx.db, row.sessionId);
  return { target: row, encoding: 'aes128gcm', policy: 'all', accessToken: '', end };
}

function isWanted(
  ctx: Context,
  accountId: number,
  { fromId }: NotificationRow,
  policy: PushPolicy,
): boolean {
  if (policy === 'all' || fromId === null) return policy !== 'none';
  if (policy === 'none') return false;
  return policy === 'followed'
    ? isFollowing(ctx.db, accountId, fromId)
    : isFollowing(ctx.db, fromId, accountId);
}

async function send(
  ctx: Context,
  { target, encoding, end }: Subscription,
  payload: PushPayload,
  signal: AbortSignal,
): Promise<void> {
  const details = sealed(ctx, target, encoding, payload);
  let status: number;
  try {
    const answer = await ctx.fetch({
      url: target.endpoint,
      method: 'POST',
      headers: () => details.headers,
      body: details.body,
      maxBytes: MOST_BYTES,
      deadline: DEADLINE,
      signal,
    });
    status = answer.status;
  } catch (error) {
    // An address that may never be asked will not become another one.
    if (!(error instanceof FetchError) || !isHopeless(error)) throw error;
    end();
    return;
  }
  if (OVER.has(status)) end();
  else if (status >= 500 || LATER.has(status)) throw new Error(`The push service said ${status}.`);
  else if (status >= 300) {
    ctx.log.warn('A push service took a message not.', { status, host: hostOf(target) });
  }
}

function isHopeless({ failure }: FetchError): boolean {
  return failure === 'bad_url' || failure === 'refused_address';
}

function hostOf({ endpoint }: PushTarget): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : '';
}

/** The request of RFC 8291 (or the draft before it) with the name of this server (RFC 8292). */
function sealed(
  ctx: Context,
  { endpoint, p256dh, auth }: PushTarget,
  contentEncoding: Subscription['encoding'],
  payload: PushPayload,
): { headers: Record<string, string>; body: Uint8Array<ArrayBuffer> } {
  const origin = originOf(ctx.config);
  // Services want an address at which somebody is reached: the site, or a mailbox.
  const subject = origin.startsWith('https:') ? origin : `mailto:admin@${new URL(origin).hostname}`;
  const details = generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    JSON.stringify(payload),
    {
      vapidDetails: { subject, ...readVapid(ctx) },
      TTL,
      urgency: payload.notification_type === 'mention' ? 'high' : 'normal',
      contentEncoding,
    },
  );
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(details.headers)) {
    // The length is told by whoever sends.
    if (name.toLowerCase() !== 'content-length') headers[name] = String(value);
  }
  return { headers, body: new Uint8Array(details.body ?? Buffer.alloc(0)) };
}
