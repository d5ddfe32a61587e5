import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAssetPath } from '#doors/http/assets.ts';
import { createCrowd } from '#doors/http/crowd.ts';
import { buildRequest, type RequestOptions } from '#test/harness/app.ts';
import { createDoorWorld, type DoorWorld } from './door.ts';

let world: DoorWorld;
beforeAll(async () => {
  world = await createDoorWorld();
});
afterAll(() => world.app.close());
const ask = (path: string, options: RequestOptions = {}) =>
  world.door.handle(buildRequest(path, options));

describe('health', () => {
  test('is ready before there is an owner, and says no secrets', async () => {
    const answer = await ask('/readyz');
    expect(answer.status).toBe(200);
    expect(Object.keys(await answer.json()).sort()).toEqual([
      'backup',
      'database',
      'disk',
      'jobs',
      'oldestJobSeconds',
      'status',
      'version',
    ]);
    expect(await (await ask('/livez')).json()).toMatchObject({ status: 'alive' });
  });
  test('fails when the database cannot be written, asking the disk once in five seconds', async () => {
    const { app, door } = await createDoorWorld();
    const ready = async () => (await door.handle(buildRequest('/readyz'))).status;
    expect(await ready()).toBe(200);
    app.ctx.db.run('PRAGMA query_only = ON');
    expect(await ready()).toBe(200);
    app.clock.advance(6000);
    expect(await ready()).toBe(503);
    app.ctx.db.run('PRAGMA query_only = OFF');
    app.clock.advance(6000);
    expect(await ready()).toBe(200);
    await app.close();
  });
  test('is degraded, not down, when jobs wait too long', async () => {
    const { app, door } = await createDoorWorld();
    app.ctx.db.run(
      `INSERT INTO jobs (id, kind, payload, run_at, created_at)
       VALUES (1, 'x', '{}', ${app.clock.now() - 3_600_000}, 0)`,
    );
    const answer = await door.handle(buildRequest('/readyz'));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'degraded', jobs: 'late' });
    await app.close();
  });
});

describe('assets', () => {
  test('that do not exist are 404 for everybody, whatever the path tries', async () => {
    for (const path of [
      '/assets/none.js',
      '/assets/..%2f..%2fetc%2fpasswd',
      '/assets/%2e%2e/%2e%2e/etc/passwd',
      '/assets/constructor',
      '/assets/__proto__',
    ]) {
      expect((await ask(path)).status).toBeOneOf([303, 404]);
    }
    expect(isAssetPath('/constructor')).toBe(false);
    expect(isAssetPath('/toString')).toBe(false);
  });
  test.if(existsSync(join(import.meta.dir, '../../build/assets.ts')))(
    'that were built are kept for ever, packed, with ETag and HEAD',
    async () => {
      const { assetUrl } = await import('#doors/http/assets.ts');
      const url = assetUrl('styles/main.css');
      const plain = await ask(url);
      expect(plain.status).toBe(200);
      expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(plain.headers.get('content-type')).toBe('text/css; charset=utf-8');
      expect(plain.headers.get('vary')).toBe('Accept-Encoding');
      expect(plain.headers.get('x-content-type-options')).toBe('nosniff');
      const text = await plain.text();
      for (const encoding of ['br', 'gzip'] as const) {
        const packed = await ask(url, { headers: { 'accept-encoding': `deflate, ${encoding}` } });
        expect(packed.headers.get('content-encoding')).toBe(encoding);
        expect((await packed.arrayBuffer()).byteLength).toBeLessThan(text.length / 2);
      }
      const none = await ask(url, { headers: { 'accept-encoding': 'br;q=0, gzip;q=0' } });
      expect(none.headers.get('content-encoding')).toBeNull();
      const etag = plain.headers.get('etag') ?? '';
      expect((await ask(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
      const head = await ask(url, { method: 'HEAD' });
      expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    },
  );
});

describe('a crowd of one address', () => {
  test('is let in up to the limit, and again when somebody leaves', () => {
    const crowd = createCrowd(2);
    const leave = crowd.enter('2001:db8::1');
    expect(crowd.enter('2001:db8::2')).not.toBeNull();
    expect(crowd.enter('2001:db8::3')).toBeNull();
    expect(crowd.enter('2001:db8:0:1::1')).not.toBeNull();
    leave?.();
    expect(crowd.enter('2001:db8::3')).not.toBeNull();
  });
  test('T123: does not keep others out', async () => {
    const { app, door } = await createDoorWorld({ config: { rates: false } });
    const anna = await app.person('anna', 'owner');
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${anna.token}` };
    const bodies = Array.from({ length: 256 }, () => {
      const body = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
      return new Request('http://localhost/api/v1/things', { method: 'POST', headers, body });
    });
    const waiting = bodies.map((request) => door.handle(request, { address: '203.0.113.1' }));
    const late = await door.handle(buildRequest('/livez'), { address: '203.0.113.1' });
    expect(late.status).toBe(429);
    const other = await door.handle(buildRequest('/livez'), { address: '203.0.113.2' });
    expect(other.status).toBe(200);
    expect(waiting.length).toBe(256);
    await app.close();
  });
});
