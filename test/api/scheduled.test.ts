import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { sweepMedia } from '#domain/media/sweep.ts';
import type { ScheduledJson } from '#doors/entities/scheduled.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, RequestOptions, TestApp } from '#test/harness/app.ts';
import { photo } from '#test/posts/world.ts';
import { askJson, openCommunity } from './community.ts';

const HOUR = 3_600_000;

let app: TestApp;
let ann: Person;
let eve: Person;
beforeAll(async () => {
  ({ app, ann, eve } = await openCommunity(['ann', 'eve']));
});
afterAll(() => app.close());

const api = <T = ScheduledJson>(path: string, options: RequestOptions = {}) =>
  askJson<T>(app, `/api/v1${path}`, { token: ann.token, ...options });
const inHours = (hours: number) => new Date(app.clock.now() + hours * HOUR).toISOString();
const plan = (status: string, hours: number, more: Record<string, unknown> = {}, key?: string) =>
  api('/statuses', {
    json: { status, scheduled_at: inHours(hours), ...more },
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });
const waiting = async () => (await api<ScheduledJson[]>('/scheduled_statuses')).json;
const mine = async () =>
  (await api<StatusJson[]>(`/accounts/${ann.viewer.id}/statuses`)).json.map(
    (each) => each.content_text,
  );

describe('a post for later', () => {
  test('waits with its photos, is published at its time, also after a restart, and once', async () => {
    const mediaId = photo(app.ctx, ann.viewer.id);
    const words = { media_ids: [String(mediaId)], spoiler_text: 'cw', visibility: 'private' };
    const made = await plan('later', 48, words, 'one key');
    expect(made.json).toMatchObject({
      params: { text: 'later', spoiler_text: 'cw', visibility: 'private' },
      media_attachments: [{ id: String(mediaId) }],
      tintype: { problem: null },
    });
    expect((await plan('later', 48, words, 'one key')).json.id).toBe(made.json.id);
    expect((await waiting()).map((each) => each.id)).toEqual([made.json.id]);
    expect((await plan('again', 48, { media_ids: [String(mediaId)] })).status).toBe(422);

    app.clock.advance(30 * HOUR);
    await sweepMedia(app.ctx);
    await app.settle();
    expect(await mine()).toEqual([]);
    app = await app.reopen();
    app.clock.advance(18 * HOUR + 1000);
    await app.settle();
    expect(await mine()).toEqual(['later']);
    expect(await waiting()).toEqual([]);
    const again = await app.request('/api/v1/statuses', {
      token: ann.token,
      json: { status: 'later' },
      headers: { 'idempotency-key': 'one key' },
    });
    expect(((await again.json()) as StatusJson).content_text).toBe('later');
    expect(await mine()).toEqual(['later']);
  });

  test('can be moved and taken back', async () => {
    const { json } = await plan('moved', 1);
    const moved = await api(`/scheduled_statuses/${json.id}`, {
      method: 'PUT',
      json: { scheduled_at: inHours(5) },
    });
    expect(moved.json.scheduled_at > json.scheduled_at).toBe(true);
    app.clock.advance(2 * HOUR);
    await app.settle();
    expect(await mine()).toEqual(['later']);
    app.clock.advance(4 * HOUR);
    await app.settle();
    expect(await mine()).toEqual(['moved', 'later']);
    const other = await plan('never', 1);
    const gone = await api(`/scheduled_statuses/${other.json.id}`, { method: 'DELETE' });
    expect(gone.json).toEqual({} as never);
    app.clock.advance(2 * HOUR);
    await app.settle();
    expect(await mine()).toEqual(['moved', 'later']);
  });

  test('stays with the reason when it cannot be published', async () => {
    const mediaId = photo(app.ctx, ann.viewer.id);
    const { json } = await plan('broken', 1, { media_ids: [String(mediaId)] });
    app.ctx.db.query('DELETE FROM media WHERE id = $mediaId').run({ mediaId });
    app.clock.advance(2 * HOUR);
    await app.settle();
    const [row] = await waiting();
    expect(row?.id).toBe(json.id);
    expect(row?.tintype.problem).toContain('not there any more');
    await api(`/scheduled_statuses/${json.id}`, { method: 'DELETE' });
  });

  test.each([
    [{ status: 'x', scheduled_at: 'tomorrow' }, 'must be a time'],
    [{ status: 'x', scheduled_at: '2001-01-01T00:00:00Z' }, 'at least 5 minutes'],
    [{ status: 'x', scheduled_at: '9999-01-01T00:00:00Z' }, 'at least 5 minutes'],
    [{ status: '', scheduled_at: '2027-06-01T00:00:00Z' }, 'Add a photo'],
    [{ status: 'x', media_ids: ['1'], scheduled_at: '2027-06-01T00:00:00Z' }, 'not there'],
  ])('is refused with a sentence: %j', async (words, sentence) => {
    const { status, json } = await api<{ error: string }>('/statuses', { json: words });
    expect(status).toBe(422);
    expect(json.error).toContain(sentence);
  });
});

describe('T97: waiting posts of others', () => {
  test('are not there, by any address, and their photos cannot be taken', async () => {
    const mediaId = photo(app.ctx, ann.viewer.id);
    const { json } = await plan('secret', 1, { media_ids: [String(mediaId)] });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status, json: answer } = await api<unknown>(`/scheduled_statuses/${json.id}`, {
        token: eve.token,
        method,
        ...(method === 'PUT' ? { json: { scheduled_at: inHours(3) } } : {}),
      });
      expect([method, status, answer]).toEqual([method, 404, { error: 'Record not found' }]);
    }
    expect((await api<unknown[]>('/scheduled_statuses', { token: eve.token })).json).toEqual([]);
    const stolen = await api('/statuses', {
      token: eve.token,
      json: { status: 'mine', media_ids: [String(mediaId)], scheduled_at: inHours(3) },
    });
    expect(stolen.status).toBe(422);
  });
});
