import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { blockAccount } from '#domain/relationships/block.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import type { GroupedNotificationsJson, NotificationJson } from '#doors/entities/notification.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { countLooks, post } from '#test/posts/world.ts';
import { askJson, openCommunity } from './community.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
let eve: Person;
beforeAll(async () => {
  ({ app, ann, bob, eve } = await openCommunity(['ann', 'bob', 'eve']));
});
afterAll(() => app.close());

const api = <T>(path: string, options: RequestOptions = {}) =>
  askJson<T>(app, `/api${path}`, options);
const list = async (who: Person, query = '') =>
  (await api<NotificationJson[]>(`/v1/notifications${query}`, { token: who.token })).json;
const act = (who: Person, path: string, json: unknown = {}) =>
  api<{ id: string }>(`/v1${path}`, { token: who.token, json });

describe('what happens here', () => {
  test('is told: like, boost, comment, mention, follow, request, edit and new posts', async () => {
    const row = post(app.ctx, ann.viewer);
    await act(bob, `/statuses/${row.id}/favourite`);
    await act(bob, `/statuses/${row.id}/reblog`);
    const comment = await act(bob, '/statuses', { status: 'nice', in_reply_to_id: row.id });
    await act(bob, '/statuses', { status: 'look, @ann' });
    await act(bob, `/accounts/${ann.viewer.id}/follow`);
    await app.settle();
    const told = await list(ann);
    expect(told.map((each) => each.type)).toEqual([
      'follow',
      'mention',
      'mention',
      'reblog',
      'favourite',
    ]);
    expect(told[2]?.status?.id).toBe(comment.json.id);
    expect(told[4]).toMatchObject({ account: { username: 'bob' }, status: { id: String(row.id) } });

    await api(`/v1/statuses/${row.id}`, {
      token: ann.token,
      method: 'PUT',
      json: { status: 'Changed' },
    });
    const [update] = await list(bob);
    expect(update).toMatchObject({ type: 'update', status: { id: String(row.id) } });

    app.ctx.db.query('UPDATE follows SET notify = 1').run();
    const fresh = post(app.ctx, ann.viewer);
    const [news] = await list(bob);
    expect(news).toMatchObject({ type: 'status', status: { id: String(fresh.id) } });
    post(app.ctx, ann.viewer, { inReplyToId: fresh.id });
    post(app.ctx, ann.viewer, { visibility: 'self' });
    expect((await list(bob))[0]?.id).toBe(news?.id);
  });

  test('is asked for by kind, by sender and in pages', async () => {
    expect((await list(ann, '?types[]=follow&types[]=reblog')).map((each) => each.type)).toEqual([
      'follow',
      'reblog',
    ]);
    const rest = await list(ann, '?exclude_types[]=mention');
    expect(rest.map((each) => each.type)).toEqual(['follow', 'reblog', 'favourite']);
    expect(await list(ann, `?account_id=${eve.viewer.id}`)).toEqual([]);
    const first = await api<NotificationJson[]>('/v1/notifications?limit=2', { token: ann.token });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await app.request(new URL(next).pathname + new URL(next).search, {
      token: ann.token,
    });
    const more = (await second.json()) as NotificationJson[];
    expect([...first.json, ...more].map((each) => each.id)).toEqual(
      (await list(ann, '?limit=4')).map((each) => each.id),
    );
  });

  test('costs the same number of statements for one and for many', async () => {
    const rows = [1, 2, 3].map(() => post(app.ctx, ann.viewer));
    for (const who of [bob, eve]) {
      for (const row of rows) await act(who, `/statuses/${row.id}/favourite`);
    }
    const count = async (limit: number) => {
      await list(ann, `?limit=${limit}`);
      return await countLooks(app.ctx, () => list(ann, `?limit=${limit}`));
    };
    expect(await count(10)).toBe(await count(2));
  });

  test('stands in groups for who asks for them', async () => {
    const { json } = await api<GroupedNotificationsJson>('/v2/notifications', { token: ann.token });
    const liked = json.notification_groups.filter((group) => group.type === 'favourite');
    expect(liked[0]).toMatchObject({ notifications_count: 2 });
    expect(liked[0]?.sample_account_ids.sort()).toEqual(
      [String(bob.viewer.id), String(eve.viewer.id)].sort(),
    );
    expect(json.statuses.some((status) => status.id === liked[0]?.status_id)).toBe(true);
    const key = liked[0]?.group_key ?? '';
    const people = await api<{ id: string }[]>(`/v2/notifications/${key}/accounts`, {
      token: ann.token,
    });
    expect(people.json).toHaveLength(2);
    const one = await api<GroupedNotificationsJson>(`/v2/notifications/${key}`, {
      token: ann.token,
    });
    expect(one.json.notification_groups).toHaveLength(1);
    // Pages of groups lead through everything exactly once.
    const seen: string[] = [];
    let path = '/v2/notifications?limit=2';
    for (let page = 0; page < 20 && path !== ''; page += 1) {
      const { json: part, headers } = await api<GroupedNotificationsJson>(path, {
        token: ann.token,
      });
      seen.push(...part.notification_groups.map((group) => group.group_key));
      const next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
      path = next === undefined ? '' : next.slice(next.indexOf('/v2/'));
    }
    expect([...new Set(seen)]).toEqual(json.notification_groups.map((group) => group.group_key));
    expect((await act(bob, `/../v2/notifications/${key}/dismiss`)).status).toBe(404);
  });

  test('is not told of people who are blocked, muted, suspended or of a hidden thread', async () => {
    const before = await list(ann, `?account_id=${eve.viewer.id}`);
    expect(before.length).toBeGreaterThan(0);
    const mute = (extra: string) =>
      app.ctx.db.query(
        `INSERT INTO mutes (account_id, target_id, notifications, created_at)
         VALUES (${ann.viewer.id}, ${eve.viewer.id}, ${extra}, 0)`,
      );
    mute('1').run();
    expect(await list(ann, `?account_id=${eve.viewer.id}`)).toEqual([]);
    app.ctx.db.query('DELETE FROM mutes').run();
    app.ctx.db
      .query('UPDATE accounts SET suspended_at = 1 WHERE id = $id')
      .run({ id: eve.viewer.id });
    expect(await list(ann, `?account_id=${eve.viewer.id}`)).toEqual([]);
    app.ctx.db
      .query('UPDATE accounts SET suspended_at = NULL WHERE id = $id')
      .run({ id: eve.viewer.id });
    expect((await list(ann, `?account_id=${eve.viewer.id}`)).length).toBe(before.length);

    const row = post(app.ctx, ann.viewer);
    const muted = await api<{ muted: boolean }>(`/v1/statuses/${row.id}/mute`, {
      token: ann.token,
      json: {},
    });
    expect(muted.json.muted).toBe(true);
    const [newest] = await list(ann);
    const comment = await act(eve, '/statuses', { status: 'hi', in_reply_to_id: row.id });
    await act(eve, '/statuses', { status: 'hi again', in_reply_to_id: comment.json.id });
    await act(eve, `/statuses/${row.id}/favourite`);
    expect((await list(ann))[0]?.id).toBe(newest?.id);
    const shown = await api<{ muted: boolean }>(`/v1/statuses/${comment.json.id}`, {
      token: ann.token,
    });
    expect(shown.json.muted).toBe(true);
    await act(ann, `/statuses/${comment.json.id}/unmute`);
    await act(eve, '/statuses', { status: 'now', in_reply_to_id: row.id });
    expect((await list(ann))[0]?.id).not.toBe(newest?.id);

    blockAccount(app.ctx, ann.viewer.id, eve.viewer.id);
    expect(await list(ann, `?account_id=${eve.viewer.id}`)).toEqual([]);
  });

  test('is counted until it was read, taken away one by one and all at once', async () => {
    const count = async () =>
      (await api<{ count: number }>('/v1/notifications/unread_count', { token: ann.token })).json
        .count;
    const all = await list(ann, '?limit=80');
    expect(await count()).toBe(all.length);
    await api('/v1/markers', {
      token: ann.token,
      json: { notifications: { last_read_id: all[1]?.id } },
    });
    expect(await count()).toBe(1);
    const [first] = all;
    expect((await act(bob, `/notifications/${first?.id}/dismiss`)).status).toBe(404);
    expect((await act(ann, `/notifications/${first?.id}/dismiss`)).json).toEqual({} as never);
    expect((await list(ann, '?limit=80')).length).toBe(all.length - 1);
    await act(bob, '/notifications/clear');
    expect((await list(ann, '?limit=80')).length).toBe(all.length - 1);
    await act(ann, '/notifications/clear');
    expect(await list(ann)).toEqual([]);
  });
});

describe('T97: notifications of others', () => {
  test('are not there, by any address', async () => {
    followAccount(app.ctx, bob.viewer, ann.viewer.id);
    const row = post(app.ctx, ann.viewer);
    await act(bob, `/statuses/${row.id}/favourite`);
    const [mine] = await list(ann);
    const key = mine?.group_key ?? '';
    for (const [method, path] of [
      ['GET', `/v1/notifications/${mine?.id}`],
      ['POST', `/v1/notifications/${mine?.id}/dismiss`],
      ['GET', `/v2/notifications/${key}`],
      ['GET', `/v2/notifications/${key}/accounts`],
      ['POST', `/v2/notifications/${key}/dismiss`],
      ['GET', `/v2/notifications/ungrouped-${mine?.id}`],
      ['GET', '/v1/notifications/requests/1'],
      ['POST', '/v1/notifications/requests/1/accept'],
    ] as const) {
      const { status, json } = await api(path, { token: eve.token, method });
      expect([path, status, json]).toEqual([path, 404, { error: 'Record not found' }]);
    }
    expect((await list(ann))[0]?.id).toBe(mine?.id as string);
    const { status } = await api('/v2/notifications/policy', {
      token: ann.token,
      method: 'PATCH',
      json: { for_not_following: 'drop' },
    });
    expect(status).toBe(422);
  });
});
