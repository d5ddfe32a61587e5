import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { followAccount } from '#domain/relationships/follow.ts';
import type { NotificationJson } from '#doors/entities/notification.ts';
import type { FilterJson, StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { photo, post } from '#test/posts/world.ts';
import { askJson, openCommunity } from './community.ts';

type Filter = FilterJson & {
  keywords: { id: string; keyword: string; whole_word: boolean }[];
  statuses: { id: string; status_id: string }[];
};
type Phrase = { id: string; phrase: string; irreversible: boolean; whole_word: boolean };

let app: TestApp;
let ann: Person;
let bob: Person;
let eve: Person;
beforeAll(async () => {
  ({ app, ann, bob, eve } = await openCommunity(['ann', 'bob', 'eve']));
  followAccount(app.ctx, bob.viewer, ann.viewer.id);
});
afterAll(() => app.close());
beforeEach(async () => {
  for (const filter of (await api<Filter[]>('/v2/filters')).json) {
    await api(`/v2/filters/${filter.id}`, { method: 'DELETE' });
  }
});

const api = <T>(path: string, options: RequestOptions = {}) =>
  askJson<T>(app, `/api${path}`, { token: bob.token, ...options });
const make = (input: Record<string, unknown>) =>
  api<Filter>('/v2/filters', {
    json: {
      title: 'T',
      context: ['home', 'public', 'thread', 'account', 'notifications'],
      ...input,
    },
  });
const words = (...keywords: string[]) => keywords.map((keyword) => ({ keyword }));
const home = async (query = '') =>
  (await api<StatusJson[]>(`/v1/timelines/home${query}`)).json.map((each) => Number(each.id));

describe('filters', () => {
  test('are made, read, changed and removed with their words and posts', async () => {
    const row = post(app.ctx, ann.viewer, { caption: 'nothing special' });
    const made = await make({
      context: ['home'],
      filter_action: 'blur',
      expires_in: '3600',
      keywords_attributes: [{ keyword: 'spoiler', whole_word: 'false' }],
    });
    expect(made.json).toMatchObject({
      title: 'T',
      context: ['home'],
      filter_action: 'blur',
      keywords: [{ keyword: 'spoiler', whole_word: false }],
      statuses: [],
    });
    expect(made.json.expires_at).toMatch(/^\d{4}-.*\.\d{3}Z$/);
    const { id } = made.json;
    const [first] = made.json.keywords;
    const form = new URLSearchParams([
      ['title', 'Other'],
      ['context[]', 'public'],
      ['keywords_attributes[0][id]', first?.id ?? ''],
      ['keywords_attributes[0][_destroy]', 'true'],
      ['keywords_attributes[1][keyword]', 'leak'],
    ]);
    const changed = await api<Filter>(`/v2/filters/${id}`, {
      method: 'PUT',
      body: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(changed.json).toMatchObject({
      title: 'Other',
      context: ['public'],
      filter_action: 'blur',
      keywords: [{ keyword: 'leak', whole_word: true }],
    });
    const keyword = await api<{ id: string }>(`/v2/filters/${id}/keywords`, {
      json: { keyword: 'more' },
    });
    await api(`/v2/filters/keywords/${keyword.json.id}`, {
      method: 'PUT',
      json: { keyword: 'less' },
    });
    const entry = await api<{ id: string; status_id: string }>(`/v2/filters/${id}/statuses`, {
      json: { status_id: String(row.id) },
    });
    expect(entry.json.status_id).toBe(String(row.id));
    const whole = (await api<Filter>(`/v2/filters/${id}`)).json;
    expect(whole.keywords.map((each) => each.keyword)).toEqual(['leak', 'less']);
    const shown = await api<StatusJson>(`/v1/statuses/${row.id}`);
    expect(shown.json.filtered).toMatchObject([
      { filter: { id, title: 'Other' }, keyword_matches: null, status_matches: [String(row.id)] },
    ]);
    expect(
      (await api(`/v2/filters/keywords/${keyword.json.id}`, { method: 'DELETE' })).json,
    ).toEqual({});
    expect((await api(`/v2/filters/statuses/${entry.json.id}`, { method: 'DELETE' })).json).toEqual(
      {},
    );
    expect((await api<StatusJson>(`/v1/statuses/${row.id}`)).json.filtered).toEqual([]);
    expect((await api(`/v2/filters/${id}`, { method: 'DELETE' })).json).toEqual({});
    expect((await api(`/v2/filters/${id}`)).status).toBe(404);
  });

  test('that warn or blur say so on the post, in captions, warnings, alt texts and tags', async () => {
    const picture = photo(app.ctx, ann.viewer.id, 'a huge Spider');
    const rows = [
      post(app.ctx, ann.viewer, { caption: 'Spider in the bath' }),
      post(app.ctx, ann.viewer, { caption: 'x', spoiler: 'spider!' }),
      post(app.ctx, ann.viewer, { caption: 'x', mediaIds: [picture] }),
      post(app.ctx, ann.viewer, { caption: 'look #spider' }),
      post(app.ctx, ann.viewer, { caption: 'spiderman' }),
    ];
    await make({ keywords_attributes: words('spider') });
    const { json } = await api<StatusJson[]>('/v1/timelines/home');
    const matched = (id: number) =>
      json.find((each) => each.id === String(id))?.filtered[0]?.keyword_matches ?? null;
    expect(rows.map((row) => matched(row.id))).toEqual([
      ['spider'],
      ['spider'],
      ['spider'],
      ['spider'],
      null,
    ]);
    const stranger = await api<StatusJson>(`/v1/statuses/${rows[0]?.id}`, { token: eve.token });
    expect(stranger.json.filtered).toEqual([]);
  });

  test('that hide take posts out where they count, and the pages go on', async () => {
    const rows = ['one', 'two hideme', 'three', 'four hideme', 'five'].map((caption) =>
      post(app.ctx, ann.viewer, { caption }),
    );
    const ids = rows.map((row) => row.id);
    await make({ context: ['home'], filter_action: 'hide', keywords_attributes: words('hideme') });
    const [one = 0, two = 0, three = 0, , five = 0] = ids;
    expect((await home()).slice(0, 3)).toEqual([five, three, one]);
    const page = await api<StatusJson[]>('/v1/timelines/home?limit=2');
    expect(page.json.map((each) => Number(each.id))).toEqual([five]);
    const next = /max_id=(\d+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    expect(await home(`?limit=2&max_id=${next}`)).toEqual([three]);
    // Elsewhere the post says that it is filtered, and by its address it is there.
    const profile = await api<StatusJson[]>(`/v1/accounts/${ann.viewer.id}/statuses`);
    expect(profile.json.find((each) => each.id === String(two))?.filtered).toHaveLength(1);
    expect((await api(`/v1/statuses/${two}`)).status).toBe(200);
  });

  test('count in threads, on boosts and for notifications, and never for own posts', async () => {
    const row = post(app.ctx, ann.viewer, { caption: 'fine' });
    const comment = post(app.ctx, eve.viewer, { caption: 'grumble', inReplyToId: row.id });
    post(app.ctx, bob.viewer, { caption: 'grumble myself' });
    const boosted = post(app.ctx, eve.viewer, { caption: 'grumble of eve' });
    await api(`/v1/statuses/${boosted.id}/reblog`, { token: ann.token, json: {} });
    post(app.ctx, eve.viewer, { caption: '@bob grumble' });
    const told = async () => (await api<NotificationJson[]>('/v1/notifications')).json.length;
    const before = await told();
    expect(before).toBeGreaterThan(0);
    const all = (await home()).length;
    await make({ filter_action: 'hide', keywords_attributes: words('grumble') });
    const context = await api<{ descendants: StatusJson[] }>(`/v1/statuses/${row.id}/context`);
    expect(context.json.descendants.map((each) => each.id)).not.toContain(String(comment.id));
    expect((await home()).length).toBe(all - 1);
    expect(await told()).toBe(before - 1);
  });

  test('end when their time is over', async () => {
    const row = post(app.ctx, ann.viewer, { caption: 'shortlived' });
    await make({ filter_action: 'hide', expires_in: 60, keywords_attributes: words('shortlived') });
    expect(await home()).not.toContain(row.id);
    app.clock.advance(61_000);
    expect(await home()).toContain(row.id);
  });

  test('of the first version are the words of the second', async () => {
    const made = await api<Phrase>('/v1/filters', {
      json: { phrase: 'old words', context: ['home'], irreversible: true, whole_word: true },
    });
    expect(made.json).toMatchObject({ phrase: 'old words', irreversible: true, whole_word: true });
    expect((await api<Filter[]>('/v2/filters')).json).toMatchObject([
      { filter_action: 'hide', keywords: [{ id: made.json.id, keyword: 'old words' }] },
    ]);
    const changed = await api<Phrase>(`/v1/filters/${made.json.id}`, {
      method: 'PUT',
      json: { phrase: 'new words', context: ['public'] },
    });
    expect(changed.json).toMatchObject({ phrase: 'new words', irreversible: false });
    expect((await api<Phrase[]>('/v1/filters')).json).toHaveLength(1);
    expect((await api(`/v1/filters/${made.json.id}`, { method: 'DELETE' })).json).toEqual({});
    expect((await api<Filter[]>('/v2/filters')).json).toEqual([]);
  });

  test.each([
    [{ title: '' }, 'Title'],
    [{ title: 'x', context: [] }, 'Context'],
    [{ title: 'x', context: ['nowhere'] }, 'place'],
    [{ title: 'x', context: ['home'], filter_action: 'explode' }, 'filter_action'],
    [{ title: 'x', context: ['home'], keywords_attributes: [{ keyword: ' ' }] }, 'Keyword'],
    [{ title: 'x'.repeat(300), context: ['home'] }, 'too long'],
    [{ title: 'x', context: ['home'], expires_in: 'soon' }, 'seconds'],
  ])('are refused with a sentence: %j', async (input, sentence) => {
    const { status, json } = await api<{ error: string }>('/v2/filters', { json: input });
    expect(status).toBe(422);
    expect(json.error).toContain(sentence);
  });

  test('T83: are plain text, whatever stands in them', async () => {
    const row = post(app.ctx, ann.viewer, { caption: 'harmless' });
    const evil = ['(a+)+$', '[', '.*', '\\', '^', '$&', '(?<x>', '*', '{2,}', '-', '💥', 'a|b'];
    for (const keyword of evil) {
      for (const whole_word of [true, false]) {
        const made = await make({ keywords_attributes: [{ keyword, whole_word }] });
        expect([keyword, made.status]).toEqual([keyword, 200]);
      }
    }
    expect((await api<StatusJson>(`/v1/statuses/${row.id}`)).json.filtered).toEqual([]);
    const started = performance.now();
    const long = post(app.ctx, ann.viewer, { caption: `${'a'.repeat(4000)}!` });
    await api(`/v1/statuses/${long.id}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('T97: filters of others', () => {
  test('are not there, by any address', async () => {
    const row = post(app.ctx, ann.viewer);
    const { json } = await make({ keywords_attributes: words('mine') });
    const entry = await api<{ id: string }>(`/v2/filters/${json.id}/statuses`, {
      json: { status_id: String(row.id) },
    });
    const [keyword] = json.keywords;
    for (const [method, path, body] of [
      ['GET', `/v2/filters/${json.id}`],
      ['PUT', `/v2/filters/${json.id}`, { title: 'x' }],
      ['DELETE', `/v2/filters/${json.id}`],
      ['GET', `/v2/filters/${json.id}/keywords`],
      ['POST', `/v2/filters/${json.id}/keywords`, { keyword: 'x' }],
      ['GET', `/v2/filters/keywords/${keyword?.id}`],
      ['PUT', `/v2/filters/keywords/${keyword?.id}`, { keyword: 'x' }],
      ['DELETE', `/v2/filters/keywords/${keyword?.id}`],
      ['GET', `/v2/filters/${json.id}/statuses`],
      ['POST', `/v2/filters/${json.id}/statuses`, { status_id: String(row.id) }],
      ['GET', `/v2/filters/statuses/${entry.json.id}`],
      ['DELETE', `/v2/filters/statuses/${entry.json.id}`],
      ['GET', `/v1/filters/${keyword?.id}`],
      ['PUT', `/v1/filters/${keyword?.id}`, { phrase: 'x', context: ['home'] }],
      ['DELETE', `/v1/filters/${keyword?.id}`],
    ] as const) {
      const how = { token: eve.token, method, ...(body ? { json: body } : {}) };
      const answer = await api(path, how);
      expect([method, path, answer.status, answer.json]).toEqual([
        method,
        path,
        404,
        { error: 'Record not found' },
      ]);
    }
    // Somebody else's words in one's own filter are not changed by their id either.
    const own = await api<Filter>('/v2/filters', {
      token: eve.token,
      json: { title: 'own', context: ['home'] },
    });
    const stolen = await api(`/v2/filters/${own.json.id}`, {
      token: eve.token,
      method: 'PUT',
      json: { keywords_attributes: [{ id: keyword?.id, keyword: 'stolen' }] },
    });
    expect(stolen.status).toBe(404);
    expect((await api<Filter>(`/v2/filters/${json.id}`)).json.keywords).toEqual(json.keywords);
    // Nor can a post be put into a filter that its owner may not see.
    const hidden = post(app.ctx, ann.viewer, { visibility: 'self' });
    const put = await api(`/v2/filters/${own.json.id}/statuses`, {
      token: eve.token,
      json: { status_id: String(hidden.id) },
    });
    expect(put.status).toBe(404);
  });
});
