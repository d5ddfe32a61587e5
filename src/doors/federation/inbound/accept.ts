import type { Context } from '#base/context.ts';
import { addressBlock } from '#base/core/addresses.ts';
import { createBuckets } from '#base/core/buckets.ts';
import { AppError } from '#base/core/errors.ts';
import { findAccountByUri } from '#domain/accounts/queries.ts';
import { originOf } from '#domain/origin.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { isActivityType } from '#doors/federation/remote/activity-types.ts';
import { verifyRequest } from '#doors/federation/signatures/verify.ts';
import { readBytes } from '#doors/http/read-bytes.ts';
import { requestFacts } from '#doors/http/request-facts.ts';
import { passGate } from './gate.ts';
import { createIntake, type Letter } from './intake.ts';
import { type Activity, normaliseActivity } from './normalise.ts';
import { parseActivity } from './parse-activity.ts';
import { readKeyHost } from './read-key-host.ts';
import { hostOf } from './values.ts';

const MAX_BYTES = 256 * 1024;
const HOUR = 3_600_000;
/** Requests that one server may send, and that one address may have checked (T104). */
const RATE = { limit: 3000, windowMs: 60_000 };

/**
 * Activities that are done once however often they come. Others are known by their signature alone:
 * Misskey's Follow after an Undo has the id of the first one, and doing one twice changes nothing.
 */
const ONCE: ReadonlySet<string> = new Set(['Create', 'Announce', 'Delete', 'Flag', 'Move']);

/**
 * Makes what stands behind every inbox: each check is cheaper than the one after it, nobody is asked
 * before everything that needs no network was looked at, and the promise (202) is made when the
 * activity is on disk. Throws `AppError`s, and what the database throws.
 */
export function createAccept(ctx: Context): (request: Request) => Promise<void> {
  const intake = createIntake(ctx);
  const servers = createBuckets(RATE, ctx.now);
  const senders = createBuckets(RATE, ctx.now);
  const count = (buckets: typeof servers, key: string) => {
    if (!ctx.config.rates) return;
    const rate = buckets.take(key);
    if (rate.allowed) return;
    const sentence = 'Too many activities; please wait a little.';
    throw new AppError('too_many', sentence, { retryAfter: rate.retryAfter });
  };

  return async (request) => {
    demandType(request);
    const keyHost = readKeyHost(request.headers);
    demandWelcome(ctx, keyHost);
    const bytes = await readBytes(request, MAX_BYTES);
    passGate(bytes);
    const body = decode(bytes);
    const activity = readActivity(ctx, body);
    if (activity.type === 'Delete' && findAccountByUri(ctx.db, activity.actor) === null) {
      // The farewell of somebody who was never here (T24): not worth asking for a key.
      return;
    }
    count(senders, addressBlock(requestFacts(request).address));
    const letter = await sealLetter(ctx, request, bytes, activity, body);
    count(servers, hostOf(activity.actor));
    await intake.take(letter);
  };
}

function demandType(request: Request): void {
  if (isActivityType(request.headers.get('content-type'))) return;
  throw new AppError('unsupported_type', 'Send activities as application/activity+json.');
}

function demandWelcome(ctx: Context, host: string): void {
  if (host === new URL(originOf(ctx.config)).host) {
    // Nobody elsewhere speaks for an account of this server (T29).
    throw new AppError('unauthorized', 'Keys of this server sign nothing that comes from outside.');
  }
  if (policyOf(ctx, host) === 'blocked') {
    throw new AppError('forbidden', 'This server does not speak with yours.');
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('bad_request', 'The body is not valid UTF-8.', { cause });
  }
}

function readActivity(ctx: Context, body: string): Activity {
  const activity = normaliseActivity(parseActivity(body));
  if ('problem' in activity) throw new AppError('bad_request', activity.problem);
  demandWelcome(ctx, hostOf(activity.actor));
  return activity;
}

/** Proves who sent it: the actor, and nobody in their place (T3, T23). */
async function sealLetter(
  ctx: Context,
  request: Request,
  bytes: Uint8Array,
  activity: Activity,
  body: string,
): Promise<Letter> {
  const signer = await verifyRequest(ctx, request, bytes).catch((error: unknown) => {
    const letter = farewellOf(ctx, activity, error);
    if (letter === null) throw error;
    return letter;
  });
  if (!('account' in signer)) return { ...signer, body };
  if (signer.account.uri !== activity.actor) {
    throw new AppError('unauthorized', 'The signature is not that of the actor.');
  }
  const marks = [`signature ${signer.signatureHash}`];
  if (activity.id !== null && ONCE.has(activity.type)) {
    // The signer belongs to it: nobody else's activity uses up an id (T6).
    marks.push(`activity ${activity.actor} ${activity.id}`);
  }
  return { signerId: signer.account.id, body, verified: true, marks };
}

/**
 * An account that says that it goes, when nobody can check that any more because its key is gone, too
 * (T25): its server is asked, once an hour at most.
 */
function farewellOf(ctx: Context, activity: Activity, error: unknown): Omit<Letter, 'body'> | null {
  const unproven =
    error instanceof AppError && ['unauthorized', 'unavailable'].includes(error.kind);
  if (!unproven || activity.type !== 'Delete' || activity.object.id !== activity.actor) return null;
  const account = findAccountByUri(ctx.db, activity.actor);
  if (account === null) return null;
  const marks = [`farewell ${activity.actor} ${Math.floor(ctx.now() / HOUR)}`];
  return { signerId: account.id, verified: false, marks };
}
