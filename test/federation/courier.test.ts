import { describe, expect, test } from 'bun:test';
import { transaction } from '#base/db/transaction.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { readSigningKey } from '#domain/accounts/signing-keys.ts';
import { restoreAccount, suspendAccount } from '#domain/membership/suspend.ts';
import { countFollow } from '#domain/relationships/queries.ts';
import { createCourier } from '#doors/federation/outbound/courier.ts';
import { retryDeliveries } from '#doors/federation/outbound/deliveries-of-post.ts';
import { isOver, pauseAfter, readRetryAfter } from '#doors/federation/outbound/schedule.ts';
import { createFederatedApp, type FederatedApp, openCanary } from '#test/harness/federation.ts';
import { closeAfterEach, keepOpen, openApp, openPeer } from './closing.ts';
import { deliveries, writeLetter } from './delivery-rows.ts';
import { follow, receiveActor } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
closeAfterEach();

/** One that tires soon, so that tests need not wait. */
function quickCourier(app: FederatedApp, deadline = 80) {
  return createCourier(app.ctx, { deadline, patience: 15 });
}

describe('the schedule of deliveries', () => {
  test('goes from half a minute to half a day, and ends after a week of tries', () => {
    const middle = () => 0.5;
    const pauses = Array.from({ length: 10 }, (_, index) => pauseAfter(index + 1, middle));
    expect(pauses.map((pause) => pause / MINUTE)).toEqual([
      0.5, 2, 10, 30, 60, 180, 360, 720, 720, 720,
    ]);
    let [time, tries] = [0, 1];
    while (!isOver(tries, 0, time)) time += pauseAfter(tries++, middle);
    expect(tries).toBeGreaterThan(15);
    expect(time / HOUR).toBeWithin(7 * 24, 7.6 * 24);
  });
  test('T126: what failed together does not come back together', () => {
    const pauses = Array.from({ length: 200 }, () => pauseAfter(4, Math.random));
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(8 * MINUTE);
    expect(new Set(pauses).size).toBeGreaterThan(150);
  });
  test('a Retry-After is seconds or a date, and a day at most', () => {
    const now = Date.parse('2026-05-01T00:00:00Z');
    expect(readRetryAfter('120', now)).toBe(120_000);
    expect(readRetryAfter('Fri, 01 May 2026 00:10:00 GMT', now)).toBe(600_000);
    expect(readRetryAfter('99999999', now)).toBe(24 * HOUR);
    for (const none of [null, '', 'soon', '-5', '0', 'Fri, 01 May 2020 00:10:00 GMT', '1e3']) {
      expect(readRetryAfter(none, now)).toBeNull();
    }
  });
});

describe('a delivery', () => {
  test('is tried on for a day at a server that answers 500, and arrives when that is well again', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    let ill = true;
    peer.onPost(() => new Response('Oh dear', { status: ill ? 500 : 202 }));
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    for (let hour = 0; hour < 24 * 4; hour += 1) {
      await app.settle();
      app.clock.advance(15 * MINUTE);
    }
    const [row] = deliveries(app.ctx);
    expect(row).toMatchObject({ state: 'waiting', status: 500 });
    expect(row?.attempts).toBeWithin(7, 11);
    ill = false;
    app.clock.advance(15 * HOUR);
    await app.settle();
    expect(deliveries(app.ctx)[0]).toMatchObject({ state: 'delivered', status: 202 });
  });
  test('is given up after a week of tries, and begins anew by hand', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    peer.onPost(() => new Response(null, { status: 503 }));
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    for (let day = 0; day < 9 * 4; day += 1) {
      await app.settle();
      app.clock.advance(6 * HOUR);
    }
    expect(deliveries(app.ctx)[0]).toMatchObject({ state: 'given_up', status: 503 });
    peer.onPost(() => new Response(null, { status: 202 }));
    expect(retryDeliveries(app.ctx, { host: peer.host })).toBe(1);
    await app.settle();
    expect(deliveries(app.ctx)[0]).toMatchObject({ state: 'delivered', attempts: 1 });
  });
  test('goes on after the server was switched off for a week', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    peer.onPost(() => new Response(null, { status: 500 }));
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    await app.settle();
    app.clock.advance(8 * 24 * HOUR);
    await app.settle();
    expect(deliveries(app.ctx)[0]).toMatchObject({ state: 'waiting', attempts: 2 });
    peer.onPost(() => new Response(null, { status: 202 }));
    app.clock.advance(HOUR);
    await app.settle();
    expect(deliveries(app.ctx)[0]?.state).toBe('delivered');
  });
  test('waits as long as the other server asks for', async () => {
    const app = await openApp();
    for (const [address, status] of [
      ['127.0.0.3', 429],
      ['127.0.0.4', 503],
    ] as const) {
      const peer = openPeer(address);
      let asked = 0;
      peer.onPost(() => {
        asked += 1;
        const headers = { 'retry-after': '5400' };
        return asked === 1
          ? new Response(null, { status, headers })
          : new Response(null, { status: 202 });
      });
      writeLetter(app.ctx, [`${peer.origin}/inbox`]);
      writeLetter(app.ctx, [`${peer.origin}/users/bob/inbox`]);
    }
    const first = app.ctx.now();
    await app.settle();
    const rows = deliveries(app.ctx).filter(({ state }) => state === 'waiting');
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.every(({ runAt }) => runAt >= first + 5_400_000)).toBe(true);
    app.clock.advance(5_300_000);
    expect(await app.settle()).toBe(0);
    app.clock.advance(HOUR);
    await app.settle();
    expect(deliveries(app.ctx).filter(({ state }) => state === 'delivered')).toHaveLength(4);
  });
  test('is over at once when the other server will never take it', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    for (const status of [400, 403, 413, 422]) {
      peer.onPost(() => Response.json({ error: 'No\u0000 such\nthing' }, { status }));
      writeLetter(app.ctx, [`${peer.origin}/inbox`]);
      await app.settle();
      const row = deliveries(app.ctx).at(-1);
      expect(row).toMatchObject({ state: 'given_up', attempts: 1, status });
      expect(row?.error).toContain('No');
      expect(row?.error).not.toMatch(/\p{Cc}/u);
    }
    for (const status of [404, 408, 425]) {
      peer.onPost(() => new Response(null, { status }));
      writeLetter(app.ctx, [`${peer.origin}/inbox`]);
      await app.settle();
      expect(deliveries(app.ctx).at(-1)).toMatchObject({ state: 'waiting', status });
    }
  });
  test('to an inbox that is gone ends the follows from there', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    const ada = await app.person('ada', 'owner');
    const bob = receiveActor(app.ctx, peer.actor('bob'), { shared: null });
    const cleo = receiveActor(app.ctx, peer.actor('cleo'), { shared: null });
    for (const id of [bob, cleo]) {
      follow(app.ctx, id, ada.viewer.id);
      transaction(app.ctx.db, () => countFollow(app.ctx.db, id, ada.viewer.id, 1));
    }
    peer.onPost(
      (request) => new Response(null, { status: request.url.includes('bob') ? 410 : 202 }),
    );
    const inboxes = ['bob', 'cleo'].map((name) => `${peer.origin}/users/${name}/inbox`);
    writeLetter(app.ctx, inboxes);
    await app.settle();
    expect(deliveries(app.ctx).map(({ state }) => state)).toEqual(['given_up', 'delivered']);
    expect(findAccount(app.ctx.db, ada.viewer.id)?.followersCount).toBe(1);
  });
  test('knocks twice where another kind of signature is wanted, and remembers that', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    peer.onPost(
      (request) =>
        new Response(null, { status: request.headers.has('signature-input') ? 202 : 401 }),
    );
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    await app.settle();
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    await app.settle();
    expect(deliveries(app.ctx).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    expect(peer.requests).toHaveLength(3);
  });
});

describe('where a delivery may go', () => {
  test('T41: a redirect of an inbox leads nowhere else', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    const canary = keepOpen(openCanary());
    const other = openPeer('127.0.0.4');
    for (const status of [301, 302, 303, 307, 308]) {
      for (const target of [`${canary.origin}/inbox`, `${other.origin}/inbox`, '//127.0.0.99/x']) {
        peer.onPost(() => new Response(null, { status, headers: { location: target } }));
        writeLetter(app.ctx, [`${peer.origin}/inbox`]);
        await app.settle();
        app.clock.advance(12 * HOUR);
      }
    }
    expect(canary.connections()).toBe(0);
    expect(other.requests).toHaveLength(0);
    expect(deliveries(app.ctx).some(({ state }) => state === 'delivered')).toBe(false);
  }, 30_000);
  test('T41: a redirect that keeps host and method is followed once', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    peer.onPost((request) => {
      const here = new URL(request.url).pathname;
      if (here === '/new') return new Response(null, { status: 202 });
      return new Response(null, { status: 308, headers: { location: '/new' } });
    });
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    await app.settle();
    expect(deliveries(app.ctx)[0]).toMatchObject({ state: 'delivered' });
    peer.onPost(() => new Response(null, { status: 307, headers: { location: '/inbox' } }));
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    await app.settle();
    expect(peer.requests).toHaveLength(4);
  });
  test('T42: an inbox on our own host, on a private address or an odd port is never asked', async () => {
    const app = keepOpen(
      await createFederatedApp({ config: { allowAddresses: ['127.0.0.3/32'] } }),
    );
    const canary = keepOpen(openCanary());
    const inboxes = [
      `${app.origin}/admin`,
      `${canary.origin}/inbox`,
      'http://127.0.0.99:6379/',
      'https://example.org:6379/inbox',
      'http://[::1]:80/inbox',
      'http://169.254.169.254/latest/meta-data',
    ];
    writeLetter(app.ctx, inboxes);
    await quickCourier(app).runDue();
    expect(canary.connections()).toBe(0);
    const rows = deliveries(app.ctx);
    expect(rows.map(({ state }) => state === 'delivered')).toEqual(inboxes.map(() => false));
    expect(rows[0]).toMatchObject({ state: 'given_up' });
  });
});

describe('many servers', () => {
  test('T126: 200 dead servers do not keep a living one waiting', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    const hanging = Array.from({ length: 6 }, (_, index) => openPeer(`127.0.0.${20 + index}`));
    for (const each of hanging) each.onPost(() => new Promise<Response>(() => {}));
    const arrived: number[] = [];
    let begun = 0;
    peer.onPost(() => {
      arrived.push(performance.now() - begun);
      return new Response(null, { status: 202 });
    });
    // Hanging ones under many names: one server each, as far as anybody can tell.
    const dead = Array.from({ length: 194 }, (_, index) => `http://127.0.1.${index + 1}:9/inbox`);
    const all = [...dead, ...hanging.map(({ origin }) => `${origin}/inbox`)];
    for (let round = 0; round < 3; round += 1) writeLetter(app.ctx, all);
    for (let round = 0; round < 3; round += 1) {
      writeLetter(app.ctx, [`${peer.origin}/users/u${round}/inbox`]);
    }
    await readSigningKey(app.ctx, 0);
    begun = performance.now();
    const courier = createCourier(app.ctx, { deadline: 3000, patience: 20 });
    await courier.runDue();
    expect(arrived).toHaveLength(3);
    expect(Math.max(...arrived)).toBeLessThan(2900);
    // One try speaks for everything that waits for a server.
    expect(hanging.map(({ requests }) => requests.length).every((count) => count <= 2)).toBe(true);
    const waiting = deliveries(app.ctx).filter(({ state }) => state === 'waiting');
    expect(waiting).toHaveLength(600);
    expect(waiting.every(({ runAt }) => runAt > app.ctx.now() + 15_000)).toBe(true);
  }, 30_000);
  test('T126: a server that comes back gets one try first, then everything', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    peer.onPost(() => new Response(null, { status: 502 }));
    for (let letter = 0; letter < 30; letter += 1) {
      writeLetter(app.ctx, [`${peer.origin}/users/u${letter}/inbox`]);
    }
    await app.settle();
    expect(peer.requests.length).toBeLessThanOrEqual(4);
    app.clock.advance(MINUTE);
    const before = peer.requests.length;
    await app.settle();
    expect(peer.requests.length - before).toBe(1);
    peer.onPost(() => new Response(null, { status: 202 }));
    app.clock.advance(10 * MINUTE);
    await app.settle();
    expect(deliveries(app.ctx).every(({ state }) => state === 'delivered')).toBe(true);
  });
  test('T126: a text that one server cannot cope with does not hold others back', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    const poison = writeLetter(app.ctx, [`${peer.origin}/users/a/inbox`]);
    peer.onPost((_, body) => new Response(null, { status: body.includes(poison) ? 500 : 202 }));
    for (let letter = 0; letter < 10; letter += 1) {
      writeLetter(app.ctx, [`${peer.origin}/users/u${letter}/inbox`]);
    }
    await app.settle();
    const states = deliveries(app.ctx).map(({ state }) => state);
    expect(states.filter((state) => state === 'delivered')).toHaveLength(10);
  });
  test('T126: a server that speaks to us again need not wait for its next try', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    const ada = await app.person('ada', 'owner');
    const bob = peer.actor('bob');
    peer.onPost(() => new Response(null, { status: 502 }));
    for (let day = 0; day < 3; day += 1) {
      writeLetter(app.ctx, [bob.inbox]);
      await app.settle();
      app.clock.advance(24 * HOUR);
    }
    await app.settle();
    peer.onPost(() => new Response(null, { status: 202 }));
    await app.settle();
    expect(deliveries(app.ctx).every(({ state }) => state === 'waiting')).toBe(true);
    const object = `${app.origin}/users/${ada.viewer.username}`;
    const follow = { id: `${bob.uri}#follows/1`, type: 'Follow', actor: bob.uri, object };
    const date = new Date(app.ctx.now()).toUTCString();
    const answer = await peer.post(`${app.origin}/inbox`, follow, { as: bob, tamper: { date } });
    expect(answer.status).toBe(202);
    await app.settle();
    expect(deliveries(app.ctx).every(({ state }) => state === 'delivered')).toBe(true);
  });
  test('what a suspended account said waits until it is back', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    const ada = await app.person('ada', 'owner');
    const max = await app.person('max');
    suspendAccount(app.ctx, ada.viewer, max.viewer.id);
    const keyId = `${app.origin}/users/max#main-key`;
    writeLetter(app.ctx, [`${peer.origin}/inbox`], { accountId: max.viewer.id, keyId });
    await app.settle();
    expect(peer.requests).toEqual([]);
    restoreAccount(app.ctx, ada.viewer, max.viewer.id);
    await app.settle();
    expect(deliveries(app.ctx)[0]?.state).toBe('delivered');
  });
  test('what one person says to one inbox arrives in order', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    const seen: string[] = [];
    peer.onPost(async (_, body) => {
      await Bun.sleep(Math.random() * 4);
      seen.push(String((JSON.parse(body) as { id: string }).id));
      return new Response(null, { status: 202 });
    });
    const sent = Array.from({ length: 20 }, () => writeLetter(app.ctx, [`${peer.origin}/inbox`]));
    await app.settle();
    expect(seen).toEqual(sent);
  });
  test('a dribbling answer ends with the deadline', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    peer.onPost(
      () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              await Bun.sleep(30);
              controller.enqueue(new TextEncoder().encode('.'));
            },
          }),
          { status: 500 },
        ),
    );
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    const begun = performance.now();
    await quickCourier(app).runDue();
    expect(performance.now() - begun).toBeLessThan(4000);
    expect(deliveries(app.ctx)[0]?.state).toBe('waiting');
  });
});
