import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { findAccount, updateSuspension } from '#domain/accounts/queries.ts';
import { retireUsername } from '#domain/accounts/retired-queries.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import { passGate } from '#doors/federation/inbound/gate.ts';
import type { Person } from '#test/harness/app.ts';
import { fastest } from '#test/harness/fastest.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import type { PeerActor } from '#test/harness/peer.ts';
import { signCavage } from '#test/harness/peer-signatures.ts';
import { createAttackWorld } from './attack-world.ts';
import { accountOf, activityOf, knowActor, letFollow, noteOf, rowsIn } from './inbound-world.ts';

const world = createAttackWorld();
const { good, bad, annUri, inbox, post, asEvil, asVictim, gets } = world;
let app: FederatedApp;
let ann: Person;
let victim: PeerActor;
let evil: PeerActor;

beforeAll(async () => {
  ({ app, ann } = await world.open());
});
beforeEach(() => {
  ({ victim, evil } = world.next());
});
afterAll(() => world.close());

describe('floods', () => {
  test('T24: farewells of people who were never here cost neither a question nor a row', async () => {
    const before = gets(bad);
    const rows = rowsIn(app, 'inbox_seen');
    for (let number = 0; number < 50; number += 1) {
      const stranger = { ...evil, uri: `${bad.origin}/users/gone${number}` };
      const farewell = activityOf(stranger, 'Delete', stranger.uri);
      const keyId = `${stranger.uri}#main-key`;
      expect((await bad.post(inbox(), farewell, { as: evil, tamper: { keyId } })).status).toBe(202);
    }
    expect(gets(bad)).toBe(before);
    expect(rowsIn(app, 'inbox_seen')).toBe(rows);
  });

  test('T25: a farewell that nobody can check counts when the server says twice that the account is gone', async () => {
    const account = await letFollow(app, ann, victim);
    const stranger = { ...victim, privateKey: evil.privateKey };
    const farewell = (number: number) =>
      activityOf(
        victim,
        'Delete',
        { id: victim.uri, type: 'Person' },
        { id: `${victim.uri}#${number}` },
      );
    const there = await post(good, farewell(1), { as: stranger });
    expect(there.status).toBe(202);
    expect(findAccount(app.ctx.db, account.id)?.deletionAt).toBeNull();
    let asked = 0;
    good.serve(new URL(victim.uri).pathname, () => {
      asked += 1;
      return asked === 3 ? { ...victim.document } : new Response('gone', { status: 410 });
    });
    app.clock.advance(3_600_000);
    // The key, and then once gone and once there: it stays.
    const late = { date: new Date(app.clock.now()).toUTCString() };
    await post(good, farewell(2), { as: stranger, tamper: late });
    expect(findAccount(app.ctx.db, account.id)?.deletionAt).toBeNull();
    app.clock.advance(3_600_000);
    const later = { date: new Date(app.clock.now()).toUTCString() };
    await post(good, farewell(3), { as: stranger, tamper: later });
    expect(findAccount(app.ctx.db, account.id)).toBeNull();
    expect(findFollow(app.ctx.db, ann.viewer.id, account.id)).toBeNull();
  });

  test('T26: a move without the word of the new account is ignored, and so is a second one within a week', async () => {
    const old = await letFollow(app, ann, victim);
    const lonely = good.actor('lonely');
    const move = (target: PeerActor) =>
      asVictim(activityOf(victim, 'Move', victim.uri, { target: target.uri }));
    await move(lonely);
    await move(victim);
    expect(findFollow(app.ctx.db, ann.viewer.id, old.id)).not.toBeNull();
    const [first, second] = ['first', 'second'].map((name) =>
      good.actor(name, { alsoKnownAs: [victim.uri] }),
    );
    if (!first || !second) throw new Error('unreachable');
    await move(first);
    await move(second);
    expect(findAccount(app.ctx.db, old.id)?.movedToId).toBe(accountOf(app, first)?.id ?? 0);
  });

  test('T27: however many Flags and Blocks come, there is one report and nothing happens by itself', async () => {
    const own = publishPost(app.ctx, ann.viewer, { caption: 'Fine', mediaIds: [] });
    const objects = [annUri(), `${annUri()}/posts/${own.id}`];
    for (let number = 0; number < 10; number += 1) {
      await bad.post(inbox(), activityOf(evil, 'Flag', objects, { content: 'Spam' }), { as: evil });
      await bad.post(inbox(), activityOf(evil, 'Block', annUri()), { as: evil });
    }
    await settleAll(app);
    const domain = bad.host;
    expect(rowsIn(app, 'reports', `reporter_domain = '${domain}'`)).toBe(1);
    expect(rowsIn(app, 'report_posts')).toBe(1);
    expect(findAccount(app.ctx.db, ann.viewer.id)?.suspendedAt).toBeNull();
    expect(readPostByUri(app.ctx, `${annUri()}/posts/${own.id}`)).not.toBeNull();
  });

  test('T28: posts of a suspended account do not come back by a boost or as what a comment answers', async () => {
    const account = await knowActor(app, victim);
    updateSuspension(app.ctx.db, account.id, app.ctx.now());
    await letFollow(app, ann, evil);
    const note = noteOf(victim, 1);
    good.serve(new URL(String(note.id)).pathname, note);
    await asEvil(activityOf(evil, 'Announce', note.id));
    await asEvil(activityOf(evil, 'Create', noteOf(evil, 1, { inReplyTo: note.id })));
    const direct = await asVictim(activityOf(victim, 'Create', note));
    expect(direct.status).toBe(403);
    expect(readPostByUri(app.ctx, String(note.id))).toBeNull();
    expect(rowsIn(app, 'shares')).toBe(0);
  });

  test('T46: bodies made to be expensive are refused in milliseconds', async () => {
    const bodies = [
      '['.repeat(250_000),
      '{"a":'.repeat(50_000),
      `{"to":[${'"a",'.repeat(60_000)}"a"]}`,
      `{"a":${'['.repeat(33)}${']'.repeat(33)}}`,
    ].map((text) => new TextEncoder().encode(text));
    for (const body of bodies) {
      const refuse = () => expect(() => passGate(body)).toThrow('holds too much');
      expect(await fastest(refuse)).toBeLessThan(50);
    }
    const deep = `{"a":${'['.repeat(31)}"\\"]{["${']'.repeat(31)}}`;
    expect(() => passGate(new TextEncoder().encode(deep))).not.toThrow();
    const large = JSON.stringify({ text: 'a'.repeat(300_000) });
    expect((await asEvil(large)).status).toBe(413);
    expect((await asEvil(new TextDecoder().decode(bodies[1]))).status).toBe(400);
  });

  test('T104: who sends without end is asked to wait, and nobody else', async () => {
    const limited = await createFederatedApp({ address: '127.0.0.2', still: true });
    const { viewer } = await limited.person('ann', 'owner');
    await Promise.all([knowActor(limited, evil), knowActor(limited, victim)]);
    const own = publishPost(limited.ctx, viewer, { caption: 'Liked', mediaIds: [] });
    const url = `${limited.origin}/inbox`;
    const like = (actor: PeerActor) => {
      const object = `${limited.origin}/users/ann/posts/${own.id}`;
      const body = JSON.stringify(activityOf(actor, 'Like', object));
      const signed = signCavage({ method: 'POST', url, body, ...actor, tamper: {} });
      const headers = {
        ...signed,
        host: limited.host,
        'content-type': 'application/activity+json',
      };
      return (address: string) =>
        limited.app.handle(new Request(url, { method: 'POST', headers, body }), { address });
    };
    const send = like(evil);
    const statuses = new Map<number, number>();
    for (let round = 0; round < 31; round += 1) {
      const part = Array.from({ length: 100 }, (_, index) => send(`192.0.2.${index}`));
      for (const { status } of await Promise.all(part)) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }
    const refused = await send('192.0.2.1');
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 1]);
    expect([statuses.get(202), statuses.get(429)]).toEqual([3000, 100]);
    expect((await like(victim)('192.0.2.1')).status).toBe(202);
    await settleAll(limited);
    expect(rowsIn(limited, 'likes')).toBe(2);
    limited.clock.advance(1000);
    expect((await send('192.0.2.1')).status).toBe(202);
    await limited.close();
  }, 30_000);
});

test('who is gone for good is called gone, and a closed instance tells no names', async () => {
  retireUsername(app.ctx.db, 'leo', app.ctx.now());
  const ask = async (at: FederatedApp, name: string) => {
    const headers = { 'content-type': 'application/activity+json' };
    const url = `${at.origin}/users/${name}/inbox`;
    return (await fetch(url, { method: 'POST', headers, body: '{}' })).status;
  };
  const family = await createFederatedApp({
    address: '127.0.0.2',
    settings: { mode: 'family', 'federation.with': 'open' },
  });
  await family.person('ann', 'owner');
  const open = [await ask(app, 'leo'), await ask(app, 'nobody'), await ask(app, 'ann')];
  const closed = [await ask(family, 'nobody'), await ask(family, 'ann')];
  await family.close();
  expect([open, closed]).toEqual([
    [410, 404, 401],
    [401, 401],
  ]);
});

test('bad requests get a sentence and a fitting status, never a 500', async () => {
  const send = (how: RequestInit & { path?: string }) =>
    fetch(`${app.origin}${how.path ?? '/inbox'}`, { method: 'POST', ...how });
  const headers = {
    'content-type': 'application/activity+json',
    signature: `keyId="${evil.keyId}",headers="date",signature="AAAA"`,
  };
  const answers = await Promise.all([
    send({ headers, body: '{' }),
    send({ headers, body: '[]' }),
    send({ headers, body: 'null' }),
    send({ headers, body: new Uint8Array([0x7b, 0xff, 0x7d]) }),
    send({ headers, body: '{"type":"Create"}' }),
    send({ headers }),
    send({ headers: { ...headers, 'content-type': 'text/plain' }, body: '{}' }),
    send({ headers: { ...headers, signature: 'nonsense' }, body: '{}' }),
    send({ headers, body: '{}', path: '/users/nobody/inbox' }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([
    400, 400, 400, 400, 400, 400, 415, 401, 404,
  ]);
  for (const answer of answers) {
    expect(answer.headers.get('content-type')).toStartWith('application/json');
    const { error } = (await answer.json()) as { error: string };
    expect(error).toMatch(/^[A-Z].*\.$/);
  }
});
