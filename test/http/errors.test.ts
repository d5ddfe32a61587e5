import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createLog } from '#base/platform/log.ts';
import { safeNext } from '#doors/http/links.ts';
import { errorStatuses } from '#doors/http/statuses.ts';
import { buildRequest, type Person, type RequestOptions } from '#test/harness/app.ts';
import { createDoorWorld, type DoorWorld } from './door.ts';

let world: DoorWorld;
let anna: Person;
const lines: string[] = [];
beforeAll(async () => {
  const log = createLog('debug', (line) => lines.push(line));
  world = await createDoorWorld({ log, config: { rates: false } });
  anna = await world.app.person('anna', 'owner');
});
afterAll(() => world.app.close());
const ask = (path: string, options: RequestOptions = {}) =>
  world.door.handle(buildRequest(path, options));

describe('an error', () => {
  test('has the status of its kind and its own sentence', async () => {
    for (const [kind, { status }] of Object.entries(errorStatuses)) {
      const answer = await ask(`/api/v1/refused/${kind}`);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toEqual({ error: 'A sentence.' });
      expect(answer.headers.get('retry-after')).toBe('7');
      expect(answer.headers.get('content-type')).toStartWith('application/json');
    }
  });
  test('that nobody meant tells an id and no details, and the log has both', async () => {
    lines.length = 0;
    const answer = await ask('/api/v1/broken?token=hidden');
    expect(answer.status).toBe(500);
    const id = answer.headers.get('x-request-id') ?? '';
    const text = await answer.text();
    expect(text).toContain(id);
    expect(text).not.toContain('secret detail');
    expect(lines.some((line) => line.includes(id) && line.includes('a secret detail'))).toBe(true);
    expect(lines.join('\n')).not.toContain('hidden');
  });
  test('on an unknown API route is Mastodon’s 404', async () => {
    for (const method of ['GET', 'POST', 'DELETE', 'PATCH']) {
      const answer = await ask('/api/v9/none', { method, token: anna.token });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toEqual({ error: 'Record not found' });
    }
  });
  test('is a page for people, also for those who are signed in', async () => {
    for (const options of [{}, { as: anna }]) {
      const answer = await ask('/nothing', options);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toStartWith('text/html');
      expect(await answer.text()).toContain('There is nothing at this address.');
    }
  });
  test('of a stranger in the API is 401, of a token without the scope 403', async () => {
    const stranger = await ask('/api/v1/mine');
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('www-authenticate')).toBe('Bearer');
    expect(await stranger.json()).toEqual({ error: 'The access token is invalid' });
    const { createToken } = await import('#domain/accounts/tokens.ts');
    const asked = async (scopes: string) => {
      const token = createToken(world.app.ctx, anna.viewer.id, 'x', scopes);
      return ask('/api/v1/mine', { token });
    };
    expect((await asked('read')).status).toBe(200);
    expect((await asked('read:statuses')).status).toBe(200);
    const refused = await asked('write read:accounts');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toEqual({
      error: 'This action is outside the authorized scopes',
    });
  });
  test('admin pages are for admins: by role, and for tokens by scope too', async () => {
    const ben = await world.app.person('ben');
    expect((await ask('/admin/mine')).status).toBe(303);
    expect((await ask('/admin/mine', { as: ben })).status).toBe(403);
    expect((await ask('/admin/mine', { as: anna })).status).toBe(200);
    expect((await ask('/admin/mine', { token: anna.token })).status).toBe(403);
  });
  test('comes before the body is looked at', async () => {
    let read = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        read += 1;
        controller.enqueue(new Uint8Array(10_000));
        if (read > 100) controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    const request = new Request('http://localhost/api/v1/things', {
      method: 'POST',
      headers,
      body,
    });
    expect((await world.door.handle(request)).status).toBe(401);
    expect(read).toBeLessThan(3);
  });
});

describe('T81: line breaks in an address', () => {
  test('are refused with 400, never passed on and never a 500', async () => {
    for (const path of [
      '/go?to=/x%0d%0aset-cookie:%20a=b',
      '/go?to=/x%0aset-cookie:%20a=b',
      '/x%0d%0aset-cookie:a=b',
      '/@anna%00',
      '/%zz',
      '/%ff',
      '/settings/mine%0d%0ax',
    ]) {
      const answer = await ask(path);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect((await answer.text()).length).toBeGreaterThan(10);
    }
  });
  test('a very long address is refused', async () => {
    expect((await ask(`/${'a'.repeat(9000)}`)).status).toBe(400);
  });
  test('T74: the way back after signing in never leaves this site', () => {
    expect(safeNext('/@anna?x=1#y')).toBe('/@anna?x=1#y');
    for (const text of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/\t/evil.example',
      '/x\r\nset-cookie: a=b',
      '',
      'x',
      ['/a'],
      null,
      `/${'a'.repeat(3000)}`,
    ]) {
      expect(safeNext(text)).toBe('/');
    }
  });
});

describe('T82: the log', () => {
  test('has one line a request: pattern, status and id, no address, query, token or body', async () => {
    lines.length = 0;
    await ask('/api/v1/things/4711?code=hidden', { method: 'DELETE', token: anna.token });
    await ask('/api/v1/things', { token: anna.token, json: { status: 'hidden words' } });
    await ask('/join/hidden-token');
    expect(lines.length).toBe(3);
    expect(lines[0]).toContain('route=/api/v1/things/:id');
    expect(lines[0]).toContain('status=200');
    expect(lines[0]).toMatch(/requestId=\S+/);
    expect(lines.join('\n')).not.toContain('hidden');
    expect(lines.join('\n')).not.toContain(anna.token);
    expect(lines.join('\n')).not.toContain('4711');
  });
  test('stays one line whatever a stranger sends', async () => {
    lines.length = 0;
    const headers = { 'user-agent': 'x\u001b[31m', 'x-request-id': 'forged' };
    await ask('/nothing%1b[31m', { headers });
    await ask('/nothing?x=%0aFAKE', { headers });
    expect(lines.length).toBe(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
    expect(lines.join('')).not.toContain('FAKE');
    expect(lines.join('')).not.toContain('forged');
  });
});
