import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { countFollow, insertFollow } from '#domain/relationships/queries.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { createTestApp } from '#test/harness/app.ts';
import { freePort } from '#test/harness/binary.ts';
import { startFederatedProgram } from '#test/harness/federated-program.ts';
import { createPeer, type PeerActor } from '#test/harness/peer.ts';

const ROUNDS = 5;
const AT_ONCE = 16;
const data = mkdtempSync(join(tmpdir(), 'tintype-storm-'));
const peer = createPeer({ address: '127.0.0.7' });
afterAll(async () => {
  await peer.close();
  rmSync(data, { recursive: true, force: true });
});

/** Numbers of notes that were promised (202), and of those that the power cut left without an answer. */
type Sent = { promised: Set<number>; open: Set<number>; next: number };

test('T122: SIGKILL in a storm of arriving posts loses none that was promised and doubles none', async () => {
  const bob = peer.actor('bob');
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const config = { origin, allowAddresses: ['127.0.0.0/8'] };
  await withData(config, (ctx, annId) => followBob(ctx, annId, bob));
  const sent: Sent = { promised: new Set(), open: new Set(), next: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startFederatedProgram(data, port, origin);
    const storm = Array.from({ length: AT_ONCE }, () => sendUntilDead(origin, bob, sent));
    await Bun.sleep(400 + Math.random() * 600);
    server.kill('SIGKILL');
    await server.exited;
    await Promise.all(storm);
  }
  expect(sent.promised.size).toBeGreaterThan(ROUNDS * AT_ONCE);
  await withData(config, async (ctx, _annId, settle) => {
    await settle();
    const stored = storedNumbers(ctx, bob);
    expect(new Set(stored).size).toBe(stored.length);
    expect([...sent.promised].filter((number) => !stored.includes(number))).toEqual([]);
    const sender = await resolveActor(ctx, bob.uri);
    expect(sender?.postsCount).toBe(stored.length);
    expect(countRows(ctx, 'inbox_items')).toBe(0);
  });
}, 120_000);

async function withData(
  config: { origin: string; allowAddresses: string[] },
  work: (ctx: Context, annId: number, settle: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const app = await createTestApp({ data, config });
  const known = app.ctx.db
    .query<{ id: number }, []>(`SELECT id FROM accounts WHERE role = 'owner'`)
    .get();
  const id = known?.id ?? (await app.person('ann', 'owner')).viewer.id;
  await work(app.ctx, id, app.settle);
  await app.close();
}

async function followBob(ctx: Context, annId: number, bob: PeerActor): Promise<void> {
  const account = await resolveActor(ctx, bob.uri);
  if (!account) throw new Error('Bob was not found.');
  transaction(ctx.db, () => {
    const follow = { followerId: annId, followeeId: account.id, createdAt: ctx.now() };
    insertFollow(ctx.db, { ...follow, state: 'accepted' });
    countFollow(ctx.db, annId, account.id, 1);
  });
}

/** First what got no answer, then new ones; ends when the server does. */
async function sendUntilDead(origin: string, bob: PeerActor, sent: Sent): Promise<void> {
  for (;;) {
    const [again] = sent.open;
    const number = again ?? sent.next++;
    sent.open.delete(number);
    try {
      const answer = await peer.post(`${origin}/inbox`, noteOf(bob, number), { as: bob });
      if (answer.status !== 202) throw new Refused(`${answer.status}: ${await answer.text()}`);
      sent.promised.add(number);
    } catch (error) {
      if (error instanceof Refused) throw error;
      sent.open.add(number);
      return;
    }
  }
}

class Refused extends Error {}

function noteOf(bob: PeerActor, number: number) {
  const id = `${bob.uri}/notes/${number}`;
  const to = ['https://www.w3.org/ns/activitystreams#Public'];
  const published = new Date(Date.now() - 60_000).toISOString();
  return {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${id}/activity`,
    type: 'Create',
    actor: bob.uri,
    published,
    to,
    object: {
      id,
      type: 'Note',
      attributedTo: bob.uri,
      content: `<p>Number ${number}</p>`,
      published,
      to,
      attachment: [
        { type: 'Document', mediaType: 'image/jpeg', url: `${peer.origin}/${number}.jpg` },
      ],
    },
  };
}

function storedNumbers(ctx: Context, bob: PeerActor): number[] {
  return ctx.db
    .query<{ uri: string }, []>('SELECT uri FROM posts WHERE uri IS NOT NULL ORDER BY uri')
    .all()
    .map(({ uri }) => Number(uri.slice(`${bob.uri}/notes/`.length)));
}

function countRows(ctx: Context, table: string): number {
  return ctx.db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? -1;
}
