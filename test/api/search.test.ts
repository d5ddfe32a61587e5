import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeMedia } from '#domain/media/describe.ts';
import { queueJob } from '#domain/queue-job.ts';
import { addresses } from '#doors/entities/addresses.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { countLooks, photo, post } from '#test/posts/world.ts';
import { openCommunity } from './community.ts';

type Found = {
  accounts: { username: string }[];
  statuses: StatusJson[];
  hashtags: { name: string; history: unknown[] }[];
};

let app: TestApp;
let ann: Person;
let bob: Person;
let eve: Person;
beforeAll(async () => {
  ({ app, ann, bob, eve } = await openCommunity(['ann', 'bob', 'eve']));
});
afterAll(() => app.close());

async function search(who: Person | null, query: Record<string, string>, path = '/api/v2/search') {
  const options: RequestOptions = who === null ? {} : { token: who.token };
  const response = await app.request(`${path}?${new URLSearchParams(query)}`, options);
  return { status: response.status, json: (await response.json()) as Found };
}
const ids = async (who: Person | null, q: string, more: Record<string, string> = {}) =>
  (await search(who, { q, type: 'statuses', ...more })).json.statuses.map((each) =>
    Number(each.id),
  );

describe('a search for words', () => {
  test('finds captions, warnings, places and alt texts, the newest first, and their beginnings', async () => {
    const picture = photo(app.ctx, ann.viewer.id, 'A heron in the reeds');
    const caption = post(app.ctx, ann.viewer, { caption: 'Grüße vom Bodensee, heron at dawn' });
    const alt = post(app.ctx, ann.viewer, { caption: 'x', mediaIds: [picture] });
    const place = post(app.ctx, ann.viewer, { caption: 'x', place: 'Heronsgate' });
    const cw = post(app.ctx, ann.viewer, { caption: 'x', spoiler: 'herons, lots' });
    expect(await ids(bob, 'heron')).toEqual([cw.id, place.id, alt.id, caption.id]);
    expect(await ids(bob, 'HERON dawn')).toEqual([caption.id]);
    expect(await ids(bob, 'grusse')).toEqual([]);
    expect(await ids(bob, 'bodens')).toEqual([caption.id]);
    expect(await ids(bob, 'heron', { limit: '2' })).toEqual([cw.id, place.id]);
    expect(await ids(bob, 'heron', { limit: '2', offset: '2' })).toEqual([alt.id, caption.id]);
    expect(await ids(bob, 'heron', { max_id: String(alt.id) })).toEqual([caption.id]);
    expect(await ids(bob, 'heron', { account_id: String(bob.viewer.id) })).toEqual([]);
  });

  test('knows what was edited, described anew and deleted', async () => {
    const picture = photo(app.ctx, ann.viewer.id, 'a kingfisher');
    const row = post(app.ctx, ann.viewer, { caption: 'bird', mediaIds: [picture] });
    await describeMedia(app.ctx, ann.viewer.id, picture, { description: 'an albatross' });
    expect(await ids(bob, 'kingfisher')).toEqual([]);
    expect(await ids(bob, 'albatross')).toEqual([row.id]);
    await app.request(`/api/v1/statuses/${row.id}`, {
      token: ann.token,
      method: 'PUT',
      json: { status: 'a pelican' },
    });
    expect(await ids(bob, 'bird')).toEqual([]);
    expect(await ids(bob, 'pelican albatross')).toEqual([row.id]);
    app.ctx.db.query('DELETE FROM post_words').run();
    queueJob(app.ctx, 'discovery.index_words', {});
    await app.settle();
    expect(await ids(bob, 'pelican albatross')).toEqual([row.id]);
    await app.request(`/api/v1/statuses/${row.id}`, { token: ann.token, method: 'DELETE' });
    expect(await ids(bob, 'pelican')).toEqual([]);
    const [left] = app.ctx.db
      .query<{ n: number }, { id: number }>(
        'SELECT count(*) AS n FROM post_words WHERE rowid = $id',
      )
      .all({ id: row.id });
    expect(left?.n).toBe(0);
  });

  test('T86: finds nothing that its viewer may not see', async () => {
    const open = post(app.ctx, ann.viewer, { caption: 'quokka open' });
    const quiet = post(app.ctx, ann.viewer, { caption: 'quokka quiet', visibility: 'unlisted' });
    const close = post(app.ctx, ann.viewer, { caption: 'quokka close', visibility: 'followers' });
    const own = post(app.ctx, ann.viewer, { caption: 'quokka own', visibility: 'self' });
    const direct = post(app.ctx, ann.viewer, { caption: 'quokka @bob', visibility: 'direct' });
    expect(await ids(ann, 'quokka')).toEqual([direct.id, own.id, close.id, quiet.id, open.id]);
    expect(await ids(bob, 'quokka')).toEqual([direct.id, quiet.id, open.id]);
    expect(await ids(eve, 'quokka')).toEqual([quiet.id, open.id]);
    // Strangers find only people who want that.
    expect(await ids(null, 'quokka')).toEqual([]);
    app.ctx.db.query('UPDATE accounts SET indexable = 1').run();
    expect(await ids(null, 'quokka')).toEqual([quiet.id, open.id]);
    app.ctx.db
      .query('INSERT INTO blocks (account_id, target_id, created_at) VALUES ($one, $other, 0)')
      .run({ one: ann.viewer.id, other: eve.viewer.id });
    expect(await ids(eve, 'quokka')).toEqual([]);
    app.ctx.db.query('DELETE FROM blocks').run();
  });

  test('costs the same number of statements for one post and for many', async () => {
    const count = async (limit: string) => {
      await ids(bob, 'quokka', { limit });
      return await countLooks(app.ctx, () => ids(bob, 'quokka', { limit }));
    };
    expect(await count('3')).toBe(await count('1'));
  });

  test('finds tags with their week, and people who are followed', async () => {
    post(app.ctx, ann.viewer, { caption: '#Wombat' });
    const { json } = await search(bob, { q: '#womb' });
    expect(json.hashtags).toMatchObject([{ name: 'Wombat' }]);
    expect(json.hashtags[0]?.history).toHaveLength(7);
    const people = async (more: Record<string, string>) =>
      (await search(bob, { q: 'an', type: 'accounts', ...more })).json.accounts.map(
        (each) => each.username,
      );
    expect(await people({})).toEqual(['ann']);
    expect(await people({ following: 'true' })).toEqual([]);
    expect(await people({ offset: '1' })).toEqual([]);
  });
});

const HOSTILE = [
  '"',
  '""',
  '*',
  '"*',
  'a*',
  'NEAR',
  'NEAR(a b)',
  'NEAR(a b, 5',
  'AND',
  'OR',
  'NOT',
  'a AND',
  'a NOT b',
  '(',
  ')',
  '{words}: a',
  'words:a',
  '-words:a',
  '^a',
  'a + b',
  "' OR 1=1 --",
  "'; DROP TABLE posts; --",
  '%',
  '_',
  '\\',
  '% _ \\',
  'a\u0000b',
  '\u0000',
  '💥',
  '\u202e',
  'x'.repeat(2000),
  `${'a '.repeat(900)}`,
  '$words',
  '?1',
  ':maxId',
] as const;

describe('T83: hostile texts', () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))(
    'are words like any other in every field: %j',
    async (_name, text) => {
      for (const path of ['/api/v2/search', '/api/v1/accounts/search']) {
        const { status, json } = await search(bob, { q: text, resolve: 'false' }, path);
        const empty = text.replace(/\p{Cc}/gu, '').trim() === '';
        expect([path, status, JSON.stringify(json).length > 0]).toEqual([
          path,
          empty ? 422 : 200,
          true,
        ]);
      }
      for (const path of [
        `/api/v1/timelines/tag/${encodeURIComponent(text)}`,
        `/api/v1/accounts/lookup?acct=${encodeURIComponent(text)}`,
        `/api/v1/notifications?types[]=${encodeURIComponent(text)}`,
        `/api/v1/accounts/${ann.viewer.id}/statuses?tagged=${encodeURIComponent(text)}`,
        `/api/v1/timelines/home?max_id=${encodeURIComponent(text)}&limit=${encodeURIComponent(text)}`,
      ]) {
        const { status } = await app.request(path, { token: bob.token });
        expect([path.slice(0, 40), status < 500]).toEqual([path.slice(0, 40), true]);
      }
    },
  );

  test('match nothing that they do not say', async () => {
    const before = await ids(ann, 'quokka');
    for (const text of ['%', '_', '*', '"', 'NEAR', "' OR 1=1 --"]) {
      expect([text, await ids(ann, text)]).toEqual([text, []]);
    }
    expect(await ids(ann, '"quokka" OR "heron"')).toEqual([]);
    expect(await ids(ann, 'quokka"*')).toEqual(before);
  });
});

describe('what is popular', () => {
  test('is real: liked, open, not sensitive', async () => {
    app.ctx.db.query('UPDATE accounts SET discoverable = 1').run();
    const liked = post(app.ctx, ann.viewer, { caption: 'liked #trendy' });
    const covered = post(app.ctx, ann.viewer, { caption: 'covered', sensitive: true });
    const close = post(app.ctx, ann.viewer, { caption: 'close', visibility: 'followers' });
    for (const row of [liked, covered]) {
      await app.request(`/api/v1/statuses/${row.id}/favourite`, { token: bob.token, json: {} });
    }
    await app.request(`/api/v1/statuses/${close.id}/favourite`, { token: ann.token, json: {} });
    const read = async <T>(path: string, options: RequestOptions = {}) =>
      (await (await app.request(path, options)).json()) as T;
    const statuses = await read<StatusJson[]>('/api/v1/trends/statuses');
    expect(statuses.map((each) => Number(each.id))).toEqual([liked.id]);
    const tags = await read<{ name: string }[]>('/api/v1/trends/tags', { token: bob.token });
    expect(tags.map((each) => each.name)).toContain('trendy');
    expect(await read<unknown[]>('/api/v1/trends')).toEqual(
      await read<unknown[]>('/api/v1/trends/tags'),
    );
    expect(await read<unknown[]>('/api/v1/trends/links')).toEqual([]);
    // Remembered for a minute, but never shown to who may not see it any more.
    app.ctx.db.query('UPDATE posts SET hidden_at = 1 WHERE id = $id').run({ id: liked.id });
    expect(await read<unknown[]>('/api/v1/trends/statuses')).toEqual([]);
  });
});

describe('T85: an embedding', () => {
  test('is there for open posts of here alone, with nothing of what is behind a warning', async () => {
    const { origin } = addresses(app.ctx.config);
    const embed = async (path: string, as?: Person) => {
      const url = encodeURIComponent(`${origin}${path}`);
      const how = as ? { token: as.token } : {};
      const response = await app.request(`/api/oembed?url=${url}`, how);
      return { status: response.status, text: await response.text() };
    };
    const address = async (id: number) => {
      const response = await app.request(`/api/v1/statuses/${id}`, { token: ann.token });
      return new URL(((await response.json()) as StatusJson).url).pathname;
    };
    const open = post(app.ctx, ann.viewer, { caption: 'shown <b>"bold"</b>' });
    const shown = await embed(await address(open.id));
    expect(shown.status).toBe(200);
    expect(JSON.parse(shown.text)).toMatchObject({ type: 'rich', version: '1.0' });
    expect(JSON.parse(shown.text).html).toContain('&lt;b&gt;');
    expect(shown.text).toContain('thumbnail_url');
    const covered = post(app.ctx, ann.viewer, { caption: 'hiddenwords', spoiler: 'a warning' });
    const warned = await embed(await address(covered.id));
    expect(warned.text).toContain('a warning');
    expect(warned.text).not.toContain('hiddenwords');
    expect(warned.text).not.toContain('thumbnail_url');
    expect(warned.text).not.toContain('/media/');
    for (const visibility of ['followers', 'self', 'direct'] as const) {
      const row = post(app.ctx, ann.viewer, { caption: '@bob secretwords', visibility });
      for (const as of [undefined, ann, bob]) {
        const answer = await embed(await address(row.id), as);
        expect([visibility, answer.status]).toEqual([visibility, 404]);
        expect(answer.text).not.toContain('secretwords');
      }
    }
    expect((await embed('/@bob/1')).status).toBe(404);
    expect((await embed(`/@bob/${open.id}`)).status).toBe(404);
    const wrong = await app.request('/api/oembed?url=javascript:alert(1)');
    expect(wrong.status).toBe(404);
  });
});
