import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { follow, receiveActor } from '#test/federation/world.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { freePort } from '#test/harness/binary.ts';
import { startFederatedProgram } from '#test/harness/federated-program.ts';
import { createPeer } from '#test/harness/peer.ts';

const ROUNDS = 4;
const POSTS = 6;
const data = mkdtempSync(join(tmpdir(), 'tintype-letters-'));
const peers = Array.from({ length: 8 }, (_, index) =>
  createPeer({ address: `127.0.0.${40 + index}` }),
);
afterAll(async () => {
  for (const peer of peers) await peer.close();
  rmSync(data, { recursive: true, force: true });
});

test('T122: SIGKILL among deliveries loses none; what comes twice has the same id', async () => {
  const port = await freePort();
  const config = { origin: `http://127.0.0.1:${port}`, allowAddresses: ['127.0.0.0/8'] };
  let token = '';
  await withData(config, async (app) => {
    const ann = await app.person('ann', 'owner');
    token = ann.token;
    for (const peer of peers) {
      for (const name of ['bob', 'cleo', 'dora']) {
        follow(app.ctx, receiveActor(app.ctx, peer.actor(name), { shared: null }), ann.viewer.id);
      }
    }
  });
  const promised: string[] = [];
  for (const peer of peers) {
    peer.onPost(async () => {
      await Bun.sleep(Math.random() * 30);
      return new Response(null, { status: 202 });
    });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startFederatedProgram(data, port, config.origin);
    for (let number = 0; number < POSTS; number += 1) {
      promised.push(await publish(config.origin, token, `Round ${round}, number ${number}`));
    }
    await Bun.sleep(20 + Math.random() * 150);
    server.kill('SIGKILL');
    await server.exited;
  }
  await withData(config, async (app) => {
    app.clock.advance(60_000);
    await app.settle();
    const open = app.ctx.db
      .query<{ n: number }, []>(`SELECT count(*) AS n FROM deliveries WHERE state <> 'delivered'`)
      .get();
    expect(open?.n).toBe(0);
  });
  const wanted = promised.map((uri) => `${uri}/activity`).sort();
  for (const peer of peers) {
    for (const name of ['bob', 'cleo', 'dora']) {
      const got = peer.requests.filter(({ path }) => path === `/users/${name}/inbox`);
      const ids = got.map(({ body }) => (JSON.parse(body) as { id: string }).id);
      expect([...new Set(ids)].sort()).toEqual(wanted);
    }
  }
}, 120_000);

async function withData(
  config: { origin: string; allowAddresses: string[] },
  work: (app: TestApp) => Promise<void>,
): Promise<void> {
  const app = await createTestApp({ data, config });
  await work(app);
  await app.close();
}

async function publish(origin: string, token: string, status: string): Promise<string> {
  const answer = await fetch(`${origin}/api/v1/statuses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ status }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { uri: string }).uri;
}
