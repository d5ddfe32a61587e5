import type { Context } from '#base/context.ts';
import { perValue } from '#base/core/per-value.ts';
import { createSingleFlight } from '#base/core/single-flight.ts';
import {
  type AccountRow,
  findAccountByUri,
  findAccountByUsername,
} from '#domain/accounts/queries.ts';
import { originOf } from '#domain/origin.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { readOwnId } from '#doors/federation/documents/read-own-id.ts';
import { settleFailure } from './document-error.ts';
import { fetchDocument } from './fetch-document.ts';
import { keepActor } from './keep-actor.ts';
import { readAddress } from './signed-get.ts';
import type { Finger } from './webfinger.ts';

/** Milliseconds after which an account is read from its server again, beside whatever asked. */
const FRESH = 24 * 3_600_000;

const flights = perValue((_ctx: Context) => createSingleFlight<AccountRow | null>());

/**
 * The account of an actor id, our own people too: from the database, else from its server. One that
 * was read more than a day ago is answered as it is and read again in the background; `fresh` waits
 * for that. Null if it is gone or refused; suspended ones are answered, so look. Throws `unavailable`
 * when its server does not answer.
 */
export async function resolveActor(
  ctx: Context,
  uri: string,
  options: { fresh?: boolean; heard?: Finger } = {},
): Promise<AccountRow | null> {
  const url = readAddress(uri);
  if (url === null) return null;
  if (url.host === new URL(originOf(ctx.config)).host) return findOwn(ctx, uri);
  if (policyOf(ctx, url.host) === 'blocked') return null;
  const known = findAccountByUri(ctx.db, uri);
  if (known === null || options.fresh) return await read(ctx, uri, options);
  if ((known.fetchedAt ?? 0) < ctx.now() - FRESH) refresh(ctx, uri);
  return known;
}

function findOwn(ctx: Context, uri: string): AccountRow | null {
  const own = readOwnId(ctx.config, uri);
  return own?.kind === 'actor' ? findAccountByUsername(ctx.db, own.username) : null;
}

function read(
  ctx: Context,
  uri: string,
  { fresh = false, heard }: { fresh?: boolean; heard?: Finger },
): Promise<AccountRow | null> {
  return flights(ctx)(uri, async () => {
    try {
      return await keepActor(ctx, await fetchDocument(ctx, uri, { fresh }), heard ?? null);
    } catch (error) {
      ctx.log.debug('An actor could not be read.', { uri, error });
      return settleFailure(error);
    }
  });
}

/** What was known goes on being shown; who is gone for good says so with a Delete. */
function refresh(ctx: Context, uri: string): void {
  read(ctx, uri, {}).catch((error: unknown) => {
    ctx.log.debug('An actor could not be read again.', { uri, error });
  });
}
