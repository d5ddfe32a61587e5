import { transaction } from '#base/db/transaction.ts';
import { type AccountRow, findAccountByUri } from '#domain/accounts/queries.ts';
import { countFollow, insertFollow } from '#domain/relationships/queries.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import type { Peer, PeerActor } from '#test/harness/peer.ts';

/** The collection that stands for everybody. */
export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

type Json = Record<string, unknown>;

/** A public note of somebody, with the properties that a test gives it. */
export function noteOf(author: PeerActor, number: number | string, more: Json = {}): Json {
  const id = `${author.uri}/notes/${number}`;
  return {
    id,
    type: 'Note',
    attributedTo: author.uri,
    content: `<p>Note ${number}</p>`,
    published: '2026-01-02T03:04:05Z',
    to: [PUBLIC],
    cc: [`${author.uri}/followers`],
    ...more,
  };
}

/** The photos of most tests. */
export function photosOf(peer: Peer, count: number): Json[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'Document',
    mediaType: 'image/jpeg',
    url: `${peer.origin}/photos/${index}.jpg`,
    name: `Photo ${index}`,
    width: 1200,
    height: 900,
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    focalPoint: [0.5, -0.25],
  }));
}

/** An activity of somebody around an object. */
export function activityOf(actor: PeerActor, type: string, object: unknown, more: Json = {}): Json {
  const of = typeof object === 'object' && object !== null ? (object as Json) : {};
  return {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${actor.uri}/${type.toLowerCase()}/${nextId++}`,
    type,
    actor: actor.uri,
    published: '2026-01-02T03:04:05Z',
    to: of.to ?? [PUBLIC],
    cc: of.cc ?? [],
    object,
    ...more,
  };
}

let nextId = 1;

/** Makes somebody here follow somebody elsewhere, as if that had been accepted. */
export async function letFollow(
  app: TestApp,
  person: Person,
  actor: PeerActor,
): Promise<AccountRow> {
  const account = await knowActor(app, actor);
  transaction(app.ctx.db, () => {
    const pair = { followerId: person.viewer.id, followeeId: account.id };
    insertFollow(app.ctx.db, { ...pair, state: 'accepted', createdAt: app.ctx.now() });
    countFollow(app.ctx.db, pair.followerId, pair.followeeId, 1);
  });
  return account;
}

/** Has the server read somebody's actor document. */
export async function knowActor(app: TestApp, actor: PeerActor): Promise<AccountRow> {
  const account = await resolveActor(app.ctx, actor.uri);
  if (account === null) throw new Error(`${actor.uri} was not found.`);
  return account;
}

/** Somebody elsewhere as the server knows them, or null. */
export function accountOf(app: TestApp, actor: PeerActor): AccountRow | null {
  return findAccountByUri(app.ctx.db, actor.uri);
}

/** How many rows a table has. */
export function rowsIn(app: TestApp, table: string, where = '1'): number {
  const sql = `SELECT count(*) AS n FROM ${table} WHERE ${where}`;
  return app.ctx.db.query<{ n: number }, []>(sql).get()?.n ?? -1;
}
