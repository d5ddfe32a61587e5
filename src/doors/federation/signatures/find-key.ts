import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { JsonObject } from '#base/core/json.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { DocumentError } from '#doors/federation/remote/document-error.ts';
import { fetchDocument } from '#doors/federation/remote/fetch-document.ts';
import { keepActor } from '#doors/federation/remote/keep-actor.ts';
import { findRemoteKey, type RemoteKeyRow } from './key-queries.ts';

/** Milliseconds in which the address of a key is asked once at most, whatever comes (T22). */
const REST = 5 * 60_000;
/** Addresses that are remembered; beyond that the oldest go (T51). */
const MOST = 5000;

type Attempt = { at: number; work: Promise<void> };
const memories = new WeakMap<Context, Map<string, Attempt>>();

/** The key of that id if it is known; asks nobody. */
export function findKnownKey(ctx: Context, keyId: string): RemoteKeyRow | null {
  const key = findRemoteKey(ctx.db, keyId);
  return key !== null && sameOrigin(key.id, key.owner) ? key : null;
}

/**
 * Reads a key anew from its server and answers what is known of it afterwards. It counts only if
 * both sides say so: the key (or the actor it stands in) names its owner, and the owner's own
 * document, from the owner's own origin, lists that key (T2). Within five minutes the last answer
 * holds, and who asks while one is on the way shares it. Throws `unavailable` if its server cannot
 * be reached.
 */
export async function fetchKey(
  ctx: Context,
  url: URL,
  keyId: string,
): Promise<RemoteKeyRow | null> {
  const memory = memoryOf(ctx);
  const address = new URL(url);
  address.hash = '';
  const last = memory.get(address.href);
  if (last !== undefined && last.at > ctx.now() - REST) await last.work;
  else await attempt(ctx, memory, address.href);
  return findKnownKey(ctx, keyId);
}

function memoryOf(ctx: Context): Map<string, Attempt> {
  const known = memories.get(ctx);
  if (known !== undefined) return known;
  const memory = new Map<string, Attempt>();
  memories.set(ctx, memory);
  return memory;
}

async function attempt(ctx: Context, memory: Map<string, Attempt>, address: string): Promise<void> {
  const work = read(ctx, address).catch((error: unknown) => {
    if (!(error instanceof DocumentError)) throw error;
    ctx.log.debug('A key could not be read.', { address, why: error.message });
    if (error.failure !== 'unreachable') return;
    const sentence = 'The server of the key of this signature does not answer.';
    throw new AppError('unavailable', sentence, { cause: error, retryAfter: 300 });
  });
  // A rejected promise that nobody waits for any more must not end the process.
  work.catch(() => {});
  memory.delete(address);
  memory.set(address, { at: ctx.now(), work });
  for (const oldest of memory.keys()) {
    if (memory.size <= MOST) break;
    memory.delete(oldest);
  }
  await work;
}

async function read(ctx: Context, address: string): Promise<void> {
  const found = await fetchDocument(ctx, address, { fresh: true });
  const { document } = found;
  const pem = document.publicKeyPem;
  if (typeof pem !== 'string') {
    await keepActor(ctx, found);
    return;
  }
  // A key of its own (Hubzilla's `/public_key_pem`): whose it is, its owner must say.
  const account = await readOwner(ctx, address, document);
  const id = typeof document.id === 'string' ? document.id : address;
  const listed = findRemoteKey(ctx.db, id);
  if (listed?.accountId !== account.id || !samePem(listed.pem, pem)) {
    throw new DocumentError('invalid', `${account.uri} does not know the key ${id}.`);
  }
}

async function readOwner(
  ctx: Context,
  address: string,
  { owner }: JsonObject,
): Promise<AccountRow> {
  if (typeof owner !== 'string' || !sameOrigin(address, owner)) {
    throw new DocumentError('invalid', `The key ${address} has no owner on its server.`);
  }
  return await keepActor(ctx, await fetchDocument(ctx, owner, { fresh: true }));
}

function sameOrigin(one: string, other: string): boolean {
  const origin = URL.parse(one)?.origin;
  return origin !== undefined && origin === URL.parse(other)?.origin;
}

function samePem(one: string, other: string): boolean {
  return one.replace(/\s/g, '') === other.replace(/\s/g, '');
}
