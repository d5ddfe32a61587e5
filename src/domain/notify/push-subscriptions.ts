import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { createSeal, type Seal } from '#base/platform/seal.ts';
import {
  deleteBrowserPush,
  deletePushOfToken,
  findPushOfToken,
  type PushPolicy,
  type PushRow,
  type PushTarget,
  saveBrowserPush,
  savePush,
  updatePush,
} from './push-queries.ts';

/** Kinds of news that an app can ask for, as the API names them. */
export const alertTypes = [
  'mention',
  'status',
  'reblog',
  'follow',
  'follow_request',
  'favourite',
  'poll',
  'update',
  'admin.sign_up',
  'admin.report',
] as const;
export type AlertType = (typeof alertTypes)[number];
export type Alerts = Partial<Record<AlertType, boolean>>;

type Owner = { accountId: number; tokenId: number };
const LONGEST_ENDPOINT = 2000;
const seals = new WeakMap<object, Seal>();

/** By what tokens are sealed that an app gets back in its messages. */
export function pushSeal(ctx: Pick<Context, 'files'>): Seal {
  const seal = seals.get(ctx.files) ?? createSeal(`${ctx.files.root}/push.key`);
  seals.set(ctx.files, seal);
  return seal;
}

/** Has an app told of news by a push service (RFC 8030); one subscription a token. Throws `invalid`. */
export function subscribePush(
  ctx: Context,
  owner: Owner,
  wish: {
    target: PushTarget;
    standard: boolean;
    alerts: Alerts;
    policy: PushPolicy;
    token: string;
  },
): PushRow {
  const row: PushRow = {
    ...owner,
    ...checkTarget(ctx, wish.target),
    id: ctx.newId(),
    standard: Number(wish.standard),
    alerts: JSON.stringify(wish.alerts),
    policy: wish.policy,
    sealedToken: wish.token === '' ? '' : pushSeal(ctx).seal(wish.token),
  };
  savePush(ctx.db, { ...row, now: ctx.now() });
  return row;
}

/** Changes what an app is told of; null without a subscription. What is not said stays. */
export function changePush(
  ctx: Pick<Context, 'db'>,
  tokenId: number,
  wish: { alerts: Alerts | null; policy: PushPolicy | null },
): PushRow | null {
  const row = findPushOfToken(ctx.db, tokenId);
  if (row === null) return null;
  const alerts = wish.alerts === null ? row.alerts : JSON.stringify(wish.alerts);
  const policy = wish.policy ?? row.policy;
  updatePush(ctx.db, { tokenId, alerts, policy });
  return { ...row, alerts, policy };
}

/** Ends an app's subscription, if there is one. */
export function unsubscribePush(ctx: Pick<Context, 'db'>, tokenId: number): void {
  deletePushOfToken(ctx.db, tokenId);
}

/** Has the browser of a session told of news, as long as the session lives. Throws `invalid`. */
export function subscribeBrowser(
  ctx: Context,
  owner: { accountId: number; sessionId: string },
  target: PushTarget,
): void {
  saveBrowserPush(ctx.db, { ...owner, ...checkTarget(ctx, target), now: ctx.now() });
}

/** Tells the browser of a session no more. */
export function unsubscribeBrowser(ctx: Pick<Context, 'db'>, sessionId: string): void {
  deleteBrowserPush(ctx.db, sessionId);
}

/** Messages leave through the guarded fetcher; what could never be sent is refused here already. */
function checkTarget(ctx: Pick<Context, 'config'>, target: PushTarget): PushTarget {
  const { endpoint } = target;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  const isPlain = url?.protocol === 'http:' && ctx.config.allowAddresses.length > 0;
  if (
    url === null ||
    endpoint.length > LONGEST_ENDPOINT ||
    !(url.protocol === 'https:' || isPlain)
  ) {
    throw new AppError('invalid', 'Validation failed: Endpoint must be an https address');
  }
  const p256dh = Buffer.from(target.p256dh, 'base64url');
  const auth = Buffer.from(target.auth, 'base64url');
  if (p256dh.length !== 65 || p256dh[0] !== 4) {
    throw new AppError('invalid', 'Validation failed: Key p256dh is not a P-256 point');
  }
  if (auth.length < 16 || auth.length > 64) {
    throw new AppError('invalid', 'Validation failed: Key auth must have 16 bytes');
  }
  return { endpoint, p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') };
}
