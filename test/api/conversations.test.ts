import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { transaction } from '#base/db/transaction.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import { removeRemotePost } from '#domain/posts/remove-post.ts';
import { revisePost } from '#domain/posts/revise-post.ts';
import type { ConversationJson } from '#doors/entities/conversation.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { person, remotePost } from '#test/posts/elsewhere.ts';
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
  askJson<T>(app, `/api/v1${path}`, options);
const list = async (who: Person, query = '') =>
  (await api<ConversationJson[]>(`/conversations${query}`, { token: who.token })).json;
const write = async (who: Person, words: Record<string, unknown>) =>
  (await api<StatusJson>('/statuses', { token: who.token, json: words })).json;
const direct = (who: Person, status: string, more: Record<string, unknown> = {}) =>
  write(who, { status, visibility: 'direct', ...more });

describe('direct messages', () => {
  test('stand together by their people, and are unread for who has not read them', async () => {
    const first = await direct(ann, '@bob hello');
    const second = await direct(bob, '@ann hello yourself');
    const [mine, ...rest] = await list(ann);
    expect(rest).toEqual([]);
    expect(mine).toMatchObject({
      unread: true,
      accounts: [{ username: 'bob' }],
      last_status: { id: second.id },
    });
    expect(await list(bob)).toMatchObject([{ unread: true, accounts: [{ username: 'ann' }] }]);
    const read = await api<ConversationJson>(`/conversations/${mine?.id}/read`, {
      token: ann.token,
      method: 'POST',
    });
    expect(read.json.unread).toBe(false);
    expect((await list(ann))[0]?.unread).toBe(false);
    await api(`/conversations/${mine?.id}/unread`, { token: ann.token, method: 'POST' });
    expect((await list(ann))[0]?.unread).toBe(true);
    const whole = await api<StatusJson[]>(`/tintype/conversations/${mine?.id}/statuses`, {
      token: ann.token,
    });
    expect(whole.json.map((each) => each.id)).toEqual([second.id, first.id]);
    expect(await list(eve)).toEqual([]);
  });

  test('reach whom they answer, named or not', async () => {
    const question = await direct(ann, '@bob a question');
    const answer = await write(bob, { status: 'an answer', in_reply_to_id: question.id });
    expect(answer.visibility).toBe('direct');
    expect((await list(ann))[0]?.last_status?.id).toBe(answer.id);
    const seen = await api<StatusJson>(`/statuses/${answer.id}`, { token: ann.token });
    expect(seen.status).toBe(200);
  });

  test('are with others another conversation, paged by the last message', async () => {
    await direct(ann, '@bob and @eve, all of us');
    const all = await list(ann);
    expect(all).toHaveLength(2);
    expect(all[0]?.accounts.map((each) => each.username).sort()).toEqual(['bob', 'eve']);
    const page = await api<ConversationJson[]>('/conversations?limit=1', { token: ann.token });
    const next = /max_id=(\d+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    expect((await list(ann, `?limit=1&max_id=${next}`)).map((each) => each.id)).toEqual([
      all[1]?.id ?? '',
    ]);
  });

  test('lead back to what is left when the last one is deleted, and to nothing without any', async () => {
    const [before] = await list(eve);
    const wrong = await direct(eve, '@ann not meant');
    expect((await list(eve))[0]?.last_status?.id).toBe(wrong.id);
    await api(`/statuses/${wrong.id}`, { token: eve.token, method: 'DELETE' });
    expect((await list(eve)).map((each) => each.id)).toEqual([before?.id ?? '']);
  });

  test('are in no other list', async () => {
    const secret = await direct(ann, '@bob #secretly a secret');
    for (const who of [ann, bob, eve]) {
      for (const path of [
        '/timelines/home',
        '/timelines/public',
        '/timelines/tag/secretly',
        `/accounts/${ann.viewer.id}/statuses`,
      ]) {
        const { json } = await api<StatusJson[]>(path, { token: who.token });
        const shown = json.some((each) => each.id === secret.id);
        expect([path, who.viewer.username, shown]).toEqual([path, who.viewer.username, false]);
      }
    }
  });
});

describe('a message of another server', () => {
  test('is filed, searched, revised and told like one of here', async () => {
    const { ctx } = app;
    const far = person(ctx, 'far');
    const message = remotePost(ctx, far, {
      visibility: 'direct',
      mentionedIds: [eve.viewer.id],
      captionHtml: '<p>@eve zanzibar</p>',
      publishedAt: ctx.now(),
      photos: [],
    });
    const id = transaction(ctx.db, () => receivePost(ctx, message))?.postId ?? 0;
    const [first] = await list(eve);
    expect(first).toMatchObject({
      unread: true,
      accounts: [{ acct: 'far@far.example' }],
      last_status: { id: String(id) },
    });
    const found = async (who: Person, q: string) => {
      const response = await app.request(`/api/v2/search?q=${q}`, { token: who.token });
      return ((await response.json()) as { statuses: StatusJson[] }).statuses.length;
    };
    expect([await found(eve, 'zanzibar'), await found(ann, 'zanzibar')]).toEqual([1, 0]);
    const told = await app.request('/api/v1/notifications?types[]=mention&limit=1', {
      token: eve.token,
    });
    expect(await told.json()).toMatchObject([{ status: { id: String(id) } }]);
    const edited = {
      ...message,
      captionHtml: '<p>@eve tanganyika</p>',
      caption: '@eve tanganyika',
    };
    transaction(ctx.db, () => revisePost(ctx, id, { ...edited, updatedAt: ctx.now() }));
    expect([await found(eve, 'zanzibar'), await found(eve, 'tanganyika')]).toEqual([0, 1]);
    transaction(ctx.db, () => removeRemotePost(ctx, message.uri, far.id));
    expect((await list(eve)).map((each) => each.id)).not.toContain(first?.id ?? '');
    expect(await found(eve, 'tanganyika')).toBe(0);
  });
});

describe('T97: conversations of others', () => {
  test('are not there, by any address', async () => {
    const [mine] = await list(ann);
    for (const [method, path] of [
      ['POST', `/conversations/${mine?.id}/read`],
      ['POST', `/conversations/${mine?.id}/unread`],
      ['DELETE', `/conversations/${mine?.id}`],
      ['GET', `/tintype/conversations/${mine?.id}/statuses`],
    ] as const) {
      const { status, json } = await api(path, { token: eve.token, method });
      expect([path, status, json]).toEqual([path, 404, { error: 'Record not found' }]);
    }
    const { json } = await api(`/conversations/${mine?.id}`, {
      token: ann.token,
      method: 'DELETE',
    });
    expect(json).toEqual({});
    expect((await list(ann)).some((each) => each.id === mine?.id)).toBe(false);
  });
});
