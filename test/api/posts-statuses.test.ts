import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { editPost } from '#domain/posts/edit.ts';
import { canSeeMedia } from '#domain/posts/see-media.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { unfollowAccount } from '#domain/relationships/unfollow.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import {
  createTestApp,
  type Person,
  type RequestOptions,
  type TestApp,
} from '#test/harness/app.ts';
import { blobsOf, photo, post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' }, config: { rates: false } });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
});
afterAll(() => app.close());

async function api<T = StatusJson>(path: string, options: RequestOptions = {}) {
  const response = await app.request(`/api/v1${path}`, options);
  expect(response.headers.get('content-type')).toStartWith('application/json');
  return { status: response.status, headers: response.headers, json: (await response.json()) as T };
}
type Problem = { error: string };

describe('POST /api/v1/statuses', () => {
  test('takes JSON, urlencoded and multipart bodies, with brackets', async () => {
    const ids = () => [photo(app.ctx, ann.viewer.id), photo(app.ctx, ann.viewer.id)].map(String);
    const [a, b, c] = [ids(), ids(), ids()];
    const multipart = new FormData();
    multipart.set('status', '{"not":"json"}');
    for (const id of c) multipart.append('media_ids[]', id);
    const form = new URLSearchParams([['status', 'x'], ...b.map((id) => ['media_ids[]', id])]);
    const made = await Promise.all([
      api('/statuses', { token: ann.token, json: { status: 'x', media_ids: a } }),
      api('/statuses', {
        token: ann.token,
        method: 'POST',
        body: form.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      api('/statuses', { token: ann.token, body: multipart }),
    ]);
    for (const [at, { status, json }] of made.entries()) {
      expect(status).toBe(200);
      expect(json.media_attachments.map((each) => each.id)).toEqual([a, b, c][at] ?? []);
    }
    expect(made[2]?.json.content_text).toBe('{"not":"json"}');
  });

  test('takes the session cookie with the header token of our islands, and nothing without', async () => {
    const made = await api('/statuses', { as: ann, json: { status: 'from the page' } });
    expect(made.status).toBe(200);
    expect((await api<Problem>('/statuses', { json: { status: 'x' } })).status).toBe(401);
  });

  test.each([
    [{ visibility: 'private' }, 'private', 'followers'],
    [{ visibility: 'direct' }, 'direct', 'self'],
    [{ status: '@bob x', visibility: 'direct' }, 'direct', 'direct'],
    [{ visibility: 'public', tintype_visibility: 'self' }, 'direct', 'self'],
    [{ visibility: 'unlisted' }, 'unlisted', 'unlisted'],
    [{}, 'public', 'public'],
  ])('understands who is to see it: %j', async (words, outside, inside) => {
    const { json } = await api('/statuses', { token: ann.token, json: { status: 'x', ...words } });
    expect(json.visibility).toBe(outside as StatusJson['visibility']);
    expect(json.tintype.visibility).toBe(inside as StatusJson['tintype']['visibility']);
  });

  test.each([
    [{ status: '' }, 'Add a photo'],
    [{ status: 'x', media_ids: ['1'] }, 'One of the photos'],
    [{ status: 'x', visibility: 'everyone' }, 'visibility'],
    [{ status: 'x', poll: { options: ['a', 'b'] } }, 'polls'],
    [{ status: 'x', scheduled_at: '2020-01-01T00:00:00Z' }, 'scheduled_at'],
    [{ status: 'x'.repeat(5001) }, '5000'],
    [{ status: 'x', media_ids: Array.from({ length: 21 }, (_, n) => String(n + 1)) }, '20 photos'],
    [{ status: { a: 1 } }, 'status'],
  ])('refuses %j with one sentence', async (json, words) => {
    const found = await api<Problem>('/statuses', { token: ann.token, json });
    expect(found.status).toBe(422);
    expect(found.json.error).toContain(words);
  });

  test('concurrent repeats under one key make one post', async () => {
    const options = {
      token: ann.token,
      json: { status: 'once', media_ids: [String(photo(app.ctx, ann.viewer.id))] },
      headers: { 'idempotency-key': 'abc' },
    };
    const made = await Promise.all([1, 2, 3, 4].map(() => api('/statuses', options)));
    expect(made.map((each) => each.status)).toEqual([200, 200, 200, 200]);
    expect(new Set(made.map((each) => each.json.id)).size).toBe(1);
  });

  test('a repeat under a key finds its comment, also when what it answers is hidden by now', async () => {
    const top = post(app.ctx, ann.viewer, { caption: 'top', mediaIds: [] });
    const send = (key: string) =>
      api<StatusJson & Problem>('/statuses', {
        token: bob.token,
        json: { status: 'nice', in_reply_to_id: String(top.id) },
        headers: { 'idempotency-key': key },
      });
    const first = await send('reply-1');
    editPost(app.ctx, ann.viewer, top.id, { visibility: 'self' });
    expect(await send('reply-1')).toMatchObject({ status: 200, json: { id: first.json.id } });
    expect((await send('reply-2')).status).toBe(404);
  });
  test('T78: names of JavaScript’s own are no fields', async () => {
    const body = '{"status":"x","__proto__":{"visibility":"direct"},"constructor":{"x":1}}';
    const headers = { 'content-type': 'application/json' };
    const made = await api('/statuses', { token: ann.token, method: 'POST', body, headers });
    expect(made.json.visibility).toBe('public');
    expect(({} as Record<string, unknown>).visibility).toBeUndefined();
  });

  test('T71 T72: what is typed anywhere comes back as text', async () => {
    const nasty = '<img src=x onerror=alert(1)>"\'&lt;';
    const mediaId = String(photo(app.ctx, ann.viewer.id, nasty));
    const input = { status: nasty, spoiler_text: nasty, place: nasty, media_ids: [mediaId] };
    const { json } = await api('/statuses', { token: ann.token, json: input });
    expect(json.content).not.toMatch(/<(?!p>|\/p>)/);
    const page = await (await app.request(`/@ann/${json.id}`)).text();
    expect(page).not.toContain('<img src=x');
    expect(page).not.toMatch(/onerror=alert\(1\)>(?!&quot;)/);
  });
});

describe('reading', () => {
  test('a hidden post and a missing one answer alike, to strangers and members', async () => {
    const hidden = post(app.ctx, ann.viewer, { visibility: 'self' });
    for (const who of [{}, { token: bob.token }]) {
      const missing = await app.request('/api/v1/statuses/12345', who);
      const found = await app.request(`/api/v1/statuses/${hidden.id}`, who);
      expect(found.status).toBe(404);
      expect(await found.text()).toBe(await missing.text());
      const drop = /x-request-id|x-ratelimit/;
      const plain = (response: Response) =>
        [...response.headers].filter(([name]) => !drop.test(name));
      expect(plain(found)).toEqual(plain(missing));
      for (const part of ['/context', '/history']) {
        expect((await api<Problem>(`/statuses/${hidden.id}${part}`, who)).json).toEqual({
          error: 'Record not found',
        });
      }
    }
  });

  test('T64: photos of a post for followers end with the follow', async () => {
    followAccount(app.ctx, bob.viewer, ann.viewer.id);
    const mediaId = photo(app.ctx, ann.viewer.id);
    const closed = post(app.ctx, ann.viewer, { visibility: 'followers', mediaIds: [mediaId] });
    const { json } = await api(`/statuses/${closed.id}`, { token: bob.token });
    expect(json.media_attachments).toHaveLength(1);
    const { canSeeMedia } = await import('#domain/posts/see-media.ts');
    const [blob = ''] = blobsOf(app.ctx, mediaId);
    expect(canSeeMedia(app.ctx, bob.viewer, blob)).toBe('private');
    unfollowAccount(app.ctx, bob.viewer, ann.viewer.id);
    expect(canSeeMedia(app.ctx, bob.viewer, blob)).toBeNull();
    expect((await api(`/statuses/${closed.id}`, { token: bob.token })).status).toBe(404);
  });

  test('T79 T80: nothing that depends on who asks may be kept by a cache', async () => {
    const closed = post(app.ctx, ann.viewer, { visibility: 'followers' });
    for (const accept of ['text/html', 'application/activity+json', 'application/json', '*/*']) {
      for (const path of [`/@ann/${closed.id}`, `/api/v1/statuses/${closed.id}`]) {
        const own = await app.request(path, { as: ann, headers: { accept } });
        expect(own.headers.get('cache-control')).toContain('no-store');
        expect(own.headers.get('vary')).toMatch(/Cookie/);
        const stranger = await app.request(path, { headers: { accept } });
        expect(stranger.status).toBe(404);
        expect(stranger.headers.get('cache-control')).toContain('no-store');
      }
    }
  });

  test('T83: no search field or id reaches SQL as more than a value', async () => {
    for (const nasty of [
      "1' OR '1'='1",
      '1;DROP TABLE posts',
      '%',
      '"',
      '*',
      'NEAR(',
      '1 UNION SELECT 1',
    ]) {
      const q = encodeURIComponent(nasty);
      for (const path of [
        `/accounts/lookup?acct=${q}`,
        `/accounts/${ann.viewer.id}/statuses?tagged=${q}&max_id=${q}&limit=${q}`,
        `/statuses/${q}`,
        `/timelines/public?max_id=${q}&min_id=${q}`,
      ]) {
        const { status } = await api(path);
        expect([200, 400, 404, 422]).toContain(status);
      }
    }
    expect((await api(`/accounts/lookup?acct=ann`)).status).toBe(200);
  });
});

describe('changing', () => {
  test('an edit shows in the post, its source and its history', async () => {
    const mediaId = photo(app.ctx, ann.viewer.id, 'old');
    const made = post(app.ctx, ann.viewer, { caption: 'one', mediaIds: [mediaId] });
    const edited = await api(`/statuses/${made.id}`, {
      token: ann.token,
      method: 'PUT',
      json: {
        status: 'two',
        spoiler_text: 'careful',
        media_ids: [String(mediaId)],
        media_attributes: [{ id: String(mediaId), description: 'new', focus: '0.5,-0.5' }],
      },
    });
    expect(edited.json).toMatchObject({
      content_text: 'two',
      sensitive: true,
      tintype: { edits: 1 },
    });
    expect(edited.json.media_attachments[0]).toMatchObject({
      description: 'new',
      meta: { focus: { x: 0.5, y: -0.5 } },
    });
    const history = await api<{ content: string; media_attachments: { description: string }[] }[]>(
      `/statuses/${made.id}/history`,
    );
    expect(history.json.map((each) => each.content)).toEqual(['<p>one</p>', '<p>two</p>']);
    expect(history.json.map((each) => each.media_attachments[0]?.description)).toEqual([
      'old',
      'new',
    ]);
    const source = await api(`/statuses/${made.id}/source`, { token: ann.token });
    expect(source.json as unknown).toEqual({
      id: String(made.id),
      text: 'two',
      spoiler_text: 'careful',
    });
    expect((await api(`/statuses/${made.id}/source`, { token: bob.token })).status).toBe(404);
  });

  test('somebody else’s post is not there to change or delete', async () => {
    const made = post(app.ctx, ann.viewer);
    const json = { status: 'mine now' };
    expect(
      (await api(`/statuses/${made.id}`, { token: bob.token, method: 'PUT', json })).status,
    ).toBe(404);
    const gone = await api<Problem>(`/statuses/${made.id}`, { token: bob.token, method: 'DELETE' });
    expect(gone).toMatchObject({ status: 404, json: { error: 'Record not found' } });
  });

  test('DELETE answers the text once more', async () => {
    const made = post(app.ctx, ann.viewer, { caption: 'Write me again' });
    const gone = await api(`/statuses/${made.id}`, { token: ann.token, method: 'DELETE' });
    expect(gone.json.text).toBe('Write me again');
    expect(gone.json.media_attachments).toHaveLength(1);
    expect((await api(`/statuses/${made.id}`, { token: ann.token })).status).toBe(404);
  });

  test('a deleted post can be written anew with its photos, which nobody else sees meanwhile', async () => {
    const mediaId = photo(app.ctx, ann.viewer.id, 'A heron');
    const made = post(app.ctx, ann.viewer, { caption: 'Teh heron', mediaIds: [mediaId] });
    await api(`/statuses/${made.id}`, { token: ann.token, method: 'DELETE' });
    for (const blob of blobsOf(app.ctx, mediaId)) {
      const who = [null, bob.viewer, ann.viewer];
      expect(who.map((viewer) => canSeeMedia(app.ctx, viewer, blob))).toEqual([
        null,
        null,
        'private',
      ]);
    }
    const json = { status: 'The heron', media_ids: [String(mediaId)] };
    const again = await api(`/statuses`, { token: ann.token, json });
    expect(again.json.media_attachments[0]).toMatchObject({ description: 'A heron' });
    const path = `/statuses/${again.json.id}?delete_media=true`;
    await api(path, { token: ann.token, method: 'DELETE' });
    expect(blobsOf(app.ctx, mediaId)).toEqual([]);
    expect((await api<Problem>('/statuses', { token: ann.token, json })).status).toBe(422);
  });

  test('what does not exist here is refused, not left out', async () => {
    const made = post(app.ctx, ann.viewer);
    for (const more of [
      { quoted_status_id: String(made.id) },
      { quote_id: String(made.id) },
      { poll: { options: ['a', 'b'], expires_in: 300 } },
    ]) {
      const json = { status: 'words', ...more };
      const refused = await api<Problem>('/statuses', { token: ann.token, json });
      expect(refused.status).toBe(422);
    }
    const json = { status: 'words', quote_approval_policy: 'public', quoted_status_id: '' };
    expect((await api('/statuses', { token: ann.token, json })).status).toBe(200);
  });

  test('a read-only token changes nothing', async () => {
    const { createToken } = await import('#domain/accounts/tokens.ts');
    const token = createToken(app.ctx, ann.viewer.id, 'reader', 'read');
    const found = await api<Problem>('/statuses', { token, json: { status: 'x' } });
    expect(found).toMatchObject({ status: 403 });
  });
});

describe('context', () => {
  test('holds what a comment answers and what answers it', async () => {
    const top = post(app.ctx, ann.viewer);
    const reply = { status: 'one', in_reply_to_id: String(top.id) };
    const one = await api('/statuses', { token: bob.token, json: reply });
    expect(one.json).toMatchObject({ in_reply_to_id: String(top.id), pf_type: 'reply' });
    const two = await api('/statuses', {
      token: ann.token,
      json: { status: 'two', in_reply_to_id: one.json.id },
    });
    const around = await api<{ ancestors: StatusJson[]; descendants: StatusJson[] }>(
      `/statuses/${one.json.id}/context`,
    );
    expect(around.json.ancestors.map((each) => each.id)).toEqual([String(top.id)]);
    expect(around.json.descendants.map((each) => each.id)).toEqual([two.json.id]);
    editPost(app.ctx, ann.viewer, top.id, { visibility: 'self' });
    const later = await api<{ ancestors: StatusJson[] }>(`/statuses/${one.json.id}/context`, {
      token: bob.token,
    });
    expect(later.json.ancestors).toEqual([]);
    const json = { status: 'x', in_reply_to_id: String(top.id) };
    expect(await api<Problem>('/statuses', { token: bob.token, json })).toMatchObject({
      status: 404,
    });
  });
});
