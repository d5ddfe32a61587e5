import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { restoreAccount, suspendAccount } from '#domain/membership/suspend.ts';
import { createMediaMemory } from '#doors/http/media-decisions.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { publishPhoto, type WalkPost } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

let app: TestApp;
let olga: Person;
let ann: Person;
let post: WalkPost;

beforeEach(async () => {
  app = await createMediaApp({ config: { rates: false } });
  olga = await app.person('olga', 'owner');
  ann = await app.person('ann');
  post = await publishPhoto(app, ann, 'public');
});
afterEach(() => app.close());

/** Everywhere that a stranger could still find the post or its photos; what is remembered is asked for twice. */
async function leaks(): Promise<string[]> {
  const found: string[] = [];
  const pages = [
    '/',
    '/@ann',
    '/@ann.atom',
    `/@ann/${post.id}`,
    `/@ann/${post.id}/photo/1`,
    `/@ann/${post.id}/history`,
    `/api/v1/statuses/${post.id}`,
    `/api/v1/statuses/${post.id}/context`,
    `/api/v1/statuses/${post.id}/history`,
    `/api/v1/accounts/${ann.viewer.id}/statuses`,
    '/api/v1/timelines/public',
  ];
  for (const path of [...pages, ...pages]) {
    const text = await (await app.request(path)).text();
    if (text.includes(post.words)) found.push(path);
  }
  const files = post.mediaPaths.filter((path) => !path.endsWith('/download'));
  for (const path of [...files, ...files]) {
    for (const headers of [{}, { range: 'bytes=0-1' }, { 'if-none-match': '*' }]) {
      for (const method of ['GET', 'HEAD']) {
        const { status } = await app.request(path, { headers, method });
        if (status !== 404) found.push(`${method} ${path} ${status}`);
      }
    }
  }
  return found;
}

const api = (path: string, method: string, json: unknown) =>
  app.request(path, { method, token: ann.token, json });

describe('T64 T80: what was for everybody is gone at once when it is not any more', () => {
  const changes: Record<string, () => unknown> = {
    'edited to followers only': () =>
      api(`/api/v1/statuses/${post.id}`, 'PUT', { tintype_visibility: 'followers' }),
    'edited to only me': () =>
      api(`/api/v1/statuses/${post.id}`, 'PUT', { tintype_visibility: 'self' }),
    archived: () => app.request(`/@ann/${post.id}/archive`, { as: ann, form: {} }),
    deleted: () => api(`/api/v1/statuses/${post.id}`, 'DELETE', undefined),
    'its author is suspended': () => suspendAccount(app.ctx, 'console', ann.viewer.id),
    'its author leaves': () =>
      app.request('/settings/account/delete', {
        as: ann,
        form: { password: 'a long password for tests' },
      }),
    'its author is deleted by an admin': () =>
      app.request(`/admin/accounts/${ann.viewer.id}/delete`, { as: olga, form: {} }),
    'the instance becomes a family’s': () =>
      app.request('/admin/settings', { as: olga, form: { mode: 'family' } }),
  };
  for (const [name, change] of Object.entries(changes)) {
    test(name, async () => {
      expect((await leaks()).length).toBeGreaterThan(20);
      const answer = await change();
      if (answer instanceof Response) expect([200, 303]).toContain(answer.status);
      expect(await leaks()).toEqual([]);
    });
  }

  test('and comes back, and goes again, without a moment of the other', async () => {
    const known = (await leaks()).length;
    for (let n = 0; n < 3; n += 1) {
      suspendAccount(app.ctx, 'console', ann.viewer.id);
      expect(await leaks()).toEqual([]);
      restoreAccount(app.ctx, 'console', ann.viewer.id);
      expect((await leaks()).length).toBe(known);
    }
  });

  test('also while it is asked for all the time', async () => {
    const path = post.mediaPaths[0] ?? '';
    const open = async (): Promise<boolean> => {
      const { status } = await app.request(path);
      const page = await app.request(`/@ann/${post.id}`);
      return status === 200 || page.status === 200;
    };
    for (let n = 0; n < 30; n += 1) {
      const asking = Array.from({ length: 20 }, open);
      const change = api(`/api/v1/statuses/${post.id}`, 'PUT', {
        tintype_visibility: n % 2 === 0 ? 'self' : 'public',
      });
      const more = Array.from({ length: 20 }, open);
      expect((await change).status).toBe(200);
      expect(await open()).toBe(n % 2 === 1);
      await Promise.all([...asking, ...more]);
      expect(await open()).toBe(n % 2 === 1);
    }
  });

  test('a change through another connection shows within a moment', async () => {
    await leaks();
    const other = new Database(app.ctx.files.database);
    other.run(`UPDATE posts SET visibility = 'self' WHERE id = ?`, [post.id]);
    other.close();
    await Bun.sleep(60);
    expect(await leaks()).toEqual([]);
  });

  test('an answer that was decided before a change is not remembered after it', () => {
    const memory = createMediaMemory<string>(app.ctx);
    expect(memory.get('a')).toBeUndefined();
    const age = memory.age();
    // Somebody writes, and somebody else asks for another file, before the first answer is ready.
    app.ctx.db.run(`UPDATE posts SET visibility = 'self' WHERE id = ?`, [post.id]);
    expect(memory.get('b')).toBeUndefined();
    memory.set('a', 'decided before', age);
    expect(memory.get('a')).toBeUndefined();
    memory.set('a', 'decided now', memory.age());
    expect(memory.get('a')).toBe('decided now');
  });
});
