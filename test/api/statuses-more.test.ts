import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ScheduledJson } from '#doors/entities/scheduled.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { countLooks, photo, post } from '#test/posts/world.ts';
import { askJson, openCommunity } from './community.ts';

let app: TestApp;
let ann: Person;
let eve: Person;
beforeAll(async () => {
  ({ app, ann, eve } = await openCommunity(['ann', 'eve']));
});
afterAll(() => app.close());

const api = <T>(path: string, options: RequestOptions = {}) =>
  askJson<T>(app, `/api/v1${path}`, { token: ann.token, ...options });

describe('several posts at once', () => {
  test('come in the order asked for, without what the viewer may not see', async () => {
    const one = post(app.ctx, ann.viewer);
    const two = post(app.ctx, ann.viewer, { visibility: 'self' });
    const three = post(app.ctx, ann.viewer);
    const query = [three, two, one].map((row) => `id[]=${row.id}`).join('&');
    const ids = async (options: RequestOptions) =>
      (await api<StatusJson[]>(`/statuses?${query}&id[]=1`, options)).json.map((each) =>
        Number(each.id),
      );
    expect(await ids({})).toEqual([three.id, two.id, one.id]);
    expect(await ids({ token: eve.token })).toEqual([three.id, one.id]);
    expect((await api<StatusJson[]>('/statuses')).json).toEqual([]);
    expect((await api('/statuses?id[]=x')).status).toBe(422);
  });

  test('cost the same number of statements as one', async () => {
    const rows = [1, 2, 3, 4].map(() => post(app.ctx, ann.viewer));
    const count = async (many: number) => {
      const query = rows.slice(0, many).map((row) => `id[]=${row.id}`);
      await api(`/statuses?${query.join('&')}`);
      return await countLooks(app.ctx, () => api(`/statuses?${query.join('&')}`));
    };
    expect(await count(4)).toBe(await count(1));
  });
});

describe('a key of a client', () => {
  test('makes one post, however often and at whatever time it is sent', async () => {
    const send = (key: string, who = ann, json: unknown = { status: 'once' }) =>
      app.request('/api/v1/statuses', {
        token: who.token,
        json,
        headers: { 'idempotency-key': key },
      });
    const answers = await Promise.all([send('k'), send('k'), send('k')]);
    const ids = await Promise.all(
      answers.map(async (each) => ((await each.json()) as StatusJson).id),
    );
    expect(new Set(ids).size).toBe(1);
    expect(answers.map((each) => each.status)).toEqual([200, 200, 200]);
    const other = (await (await send('k', eve)).json()) as StatusJson;
    expect(ids).not.toContain(other.id);
    const wait = {
      status: 'later',
      scheduled_at: new Date(app.clock.now() + 7_200_000).toISOString(),
    };
    const first = (await (await send('later', ann, wait)).json()) as ScheduledJson;
    expect(((await (await send('later', ann, wait)).json()) as ScheduledJson).id).toBe(first.id);
  });
});

describe('a photo that a waiting post needs', () => {
  test('cannot be thrown away', async () => {
    const id = photo(app.ctx, ann.viewer.id);
    const made = await api<ScheduledJson>('/statuses', {
      json: {
        media_ids: [String(id)],
        scheduled_at: new Date(app.clock.now() + 7_200_000).toISOString(),
      },
    });
    expect((await api(`/media/${id}`, { method: 'DELETE' })).status).toBe(422);
    await api(`/scheduled_statuses/${made.json.id}`, { method: 'DELETE' });
    expect((await api(`/media/${id}`, { method: 'DELETE' })).json).toEqual({});
  });
});

describe('T97: posts of others', () => {
  test('are neither changed nor looked behind', async () => {
    const row = post(app.ctx, ann.viewer);
    const hidden = post(app.ctx, ann.viewer, { visibility: 'self' });
    for (const [method, path, id] of [
      ['PUT', '', row.id],
      ['DELETE', '', row.id],
      ['GET', '/source', row.id],
      ['POST', '/pin', row.id],
      ['GET', '', hidden.id],
      ['GET', '/history', hidden.id],
      ['GET', '/context', hidden.id],
      ['POST', '/mute', hidden.id],
      ['POST', '/unmute', hidden.id],
      ['POST', '/favourite', hidden.id],
      ['POST', '/translate', row.id],
      ['GET', '/card', row.id],
    ] as const) {
      const answer = await api(`/statuses/${id}${path}`, {
        token: eve.token,
        method,
        ...(method === 'PUT' ? { json: { status: 'stolen' } } : {}),
      });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
      expect(Object.keys(answer.json as object)).toContain('error');
    }
    expect((await api<StatusJson>(`/statuses/${row.id}`)).json.content_text).toBe('Hello');
  });
});
