import { describe, expect, test } from 'bun:test';
import { setRule } from '#domain/policy/set-rule.ts';
import { changeSetting } from '#domain/settings.ts';
import { deliver } from '#doors/federation/outbound/deliver.ts';
import { findDueHosts, findDueOf } from '#doors/federation/outbound/delivery-queries.ts';
import { closeAfterEach, openApp, openPeer } from './closing.ts';
import { deliveries, writeLetter } from './delivery-rows.ts';

const HOUR = 3_600_000;
closeAfterEach();

describe('a delivery', () => {
  test.each(['allowlist', 'off'])(
    'waits while the choice of servers is "%s" for a week, and arrives afterwards',
    async (choice) => {
      const app = await openApp();
      const peer = openPeer('127.0.0.3');
      const letters = Array.from({ length: 5 }, () =>
        writeLetter(app.ctx, [`${peer.origin}/inbox`]),
      );
      app.ctx.db.run('UPDATE deliveries SET attempts = 3, first_tried_at = 1');
      changeSetting(app.ctx, 'federation.with', choice);
      for (let day = 0; day < 8; day += 1) {
        expect(await app.settle()).toBe(0);
        app.clock.advance(24 * HOUR);
      }
      expect(peer.requests).toEqual([]);
      expect(deliveries(app.ctx).map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(
        letters.map(() => 'waiting 3'),
      );
      changeSetting(app.ctx, 'federation.with', 'open');
      app.clock.advance(HOUR);
      await app.settle();
      expect(deliveries(app.ctx).map(({ state }) => state)).toEqual(letters.map(() => 'delivered'));
    },
  );
  test('that is under way while its server is left out waits, and is given up if a rule blocks that', async () => {
    const app = await openApp();
    const peer = openPeer('127.0.0.3');
    writeLetter(app.ctx, [`${peer.origin}/inbox`]);
    const [host] = findDueHosts(app.ctx.db, app.ctx.now());
    const [delivery] = findDueOf(app.ctx.db, peer.host, app.ctx.now(), 1);
    if (!host || !delivery) throw new Error('Nothing is due.');
    const letter = { delivery, body: '{}', scheme: host.scheme };
    const limits = { deadline: 1000, signal: new AbortController().signal };
    changeSetting(app.ctx, 'federation.with', 'allowlist');
    expect((await deliver(app.ctx, letter, limits)).kind).toBe('held');
    setRule(app.ctx, null, { domain: peer.host, rule: 'block' });
    expect((await deliver(app.ctx, letter, limits)).kind).toBe('never');
    expect(peer.requests).toEqual([]);
  });
});
