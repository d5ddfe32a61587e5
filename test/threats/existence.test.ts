import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { suspendAccount } from '#domain/membership/suspend.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { addressesOf, publishPhoto, type WalkPost } from '#test/http/walk.ts';
import { createMediaApp } from '#test/media/world.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

let app: TestApp;
let ann: Person;
let eve: Person;
let hidden: WalkPost[];
let hiddenName: string[];
let openPost: WalkPost;
beforeAll(async () => {
  app = await createMediaApp({ config: { rates: false } });
  ann = await app.person('ann', 'owner');
  eve = await app.person('eve');
  openPost = await publishPhoto(app, ann, 'public');
  hidden = [await publishPhoto(app, ann, 'private'), await publishPhoto(app, ann, 'direct')];
  const archived = await publishPhoto(app, ann, 'public');
  await app.request(`/@ann/${archived.id}/archive`, { as: ann, form: {} });
  const sue = await app.person('sue');
  hidden.push(archived, await publishPhoto(app, sue, 'public'));
  suspendAccount(app.ctx, 'console', sue.viewer.id);
  hiddenName = ['ann', 'ann', 'ann', 'sue'];
});
afterAll(() => app.close());

/** What tells two answers apart; addresses that the answer repeats are made alike. */
async function shape(path: string, how: RequestOptions, secrets: string[]): Promise<string> {
  const answer = await app.request(path, how);
  const headers = [...answer.headers]
    .filter(([name]) => name !== 'x-request-id' && !name.startsWith('x-ratelimit'))
    .sort();
  let text = JSON.stringify([answer.status, headers, await answer.text()]);
  for (const secret of secrets) text = text.replaceAll(secret, '*');
  return text.replace(/notice=[^;"]+/g, 'notice=*');
}

const MISSING = '3000000000000000';

describe('T79: what is hidden answers like what never was', () => {
  test('posts, photos and people, at every route and method', async () => {
    const { routes } = await app.app.door();
    const problems: string[] = [];
    for (const { method, path: pattern } of routes) {
      if (!pattern.includes(':id') && !pattern.includes(':name')) continue;
      // The name of a hashtag is nobody's secret.
      if (pattern.includes('/tags/')) continue;
      if (pattern.startsWith('/admin') || pattern.startsWith('/settings')) continue;
      for (const guise of [{}, { as: eve }, { token: eve.token }]) {
        for (const [at, post] of hidden.entries()) {
          const name = hiddenName[at] ?? '';
          const body = method === 'GET' ? {} : { json: { status: 'x', in_reply_to_id: post.id } };
          const say = { method, ...guise, ...body };
          const accountId = String(
            app.ctx.db
              .query<{ id: number }, [string]>('SELECT id FROM accounts WHERE username = ?')
              .get(name)?.id,
          );
          const ids = pattern.includes('/media/')
            ? [post.mediaId]
            : [post.id, ...(name === 'sue' ? [accountId] : [])];
          for (const id of ids) {
            for (const there of addressesOf(pattern, { name: [name], id: [id], index: ['1'] })) {
              if (pattern.includes(':name') && !pattern.includes(':id') && name !== 'sue') continue;
              const missing = there.replace(id, MISSING).replace('sue', 'nob');
              const secrets = [id, MISSING, post.id, 'sue', 'nob'];
              const [real, none] = [
                await shape(there, say, secrets),
                await shape(missing, say, secrets),
              ];
              if (real !== none)
                problems.push(`${method} ${pattern} ${name}\n  ${real}\n  ${none}`);
            }
          }
        }
      }
    }
    expect(problems).toEqual([]);
  });
  test('a comment on what is hidden', async () => {
    const json = (id: string) => ({ status: 'x', in_reply_to_id: id });
    for (const post of hidden) {
      const secrets = [post.id, MISSING];
      for (const guise of [{ as: eve }, { token: eve.token }]) {
        expect(await shape('/api/v1/statuses', { ...guise, json: json(post.id) }, secrets)).toBe(
          await shape('/api/v1/statuses', { ...guise, json: json(MISSING) }, secrets),
        );
      }
    }
  });
  test('a photo of somebody else in an own post', async () => {
    const json = (id: string) => ({ status: 'x', media_ids: [id] });
    for (const post of [...hidden, openPost]) {
      const secrets = [post.mediaId, MISSING];
      expect(
        await shape('/api/v1/statuses', { token: eve.token, json: json(post.mediaId) }, secrets),
      ).toBe(await shape('/api/v1/statuses', { token: eve.token, json: json(MISSING) }, secrets));
    }
  });
  test('a public comment does not tell of a post that its reader may not see', async () => {
    const target = await publishPhoto(app, ann, 'public');
    const answer = await app.request('/api/v1/statuses', {
      token: eve.token,
      json: { status: 'nice', in_reply_to_id: target.id },
    });
    const { id } = (await answer.json()) as { id: string };
    await app.request(`/@ann/${target.id}/archive`, { as: ann, form: {} });
    for (const path of [
      `/api/v1/statuses/${id}`,
      `/@eve/${id}`,
      `/api/v1/accounts/${eve.viewer.id}/statuses`,
      `/api/v1/statuses/${id}/context`,
    ]) {
      const text = await (await app.request(path)).text();
      expect(`${path} ${text.includes(target.id)}`).toBe(`${path} false`);
    }
  });
});
