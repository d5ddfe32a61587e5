import { afterEach, beforeEach, expect, test } from 'bun:test';
import { AppError } from '#base/core/errors.ts';
import { readMeter } from '#domain/storage/meter.ts';
import { findUsage } from '#domain/storage/queries.ts';
import { setQuota } from '#domain/storage/set-quota.ts';
import type { CredentialAccountJson } from '#doors/entities/types.ts';
import { receiveUpload } from '#doors/http/uploads.ts';
import type { Person, TestApp, TestAppOptions } from '#test/harness/app.ts';
import { type Front, form, openFront, pathOf, upload } from '#test/media/front.ts';
import { countingBody, last, multipart, part } from '#test/media/multipart.ts';
import { blobFiles, createMediaApp, photo, tempFiles } from '#test/media/world.ts';

let app: TestApp;
let front: Front;
let ann: Person;

async function start(options: TestAppOptions = {}): Promise<void> {
  app = await createMediaApp({ settings: { 'storage.min_free': '0' }, ...options });
  front = openFront(app);
  ann = await app.person('ann', 'owner');
}
async function end(): Promise<void> {
  await front.close();
  await app.close();
}
beforeEach(() => start());
afterEach(end);

function nothingLeft(): void {
  expect(tempFiles(app)).toEqual([]);
  expect(findUsage(app.ctx.db, ann.viewer.id)?.reservedBytes ?? 0).toBe(0);
}

test('an upload by either address answers 200 with the final address and the words', async () => {
  const bytes = await photo();
  for (const path of ['/api/v2/media', '/api/v1/media']) {
    const body = form(bytes, { description: 'Noise', focus: '-0.5,0.25' });
    const answer = await front.request(path, { token: ann.token, body });
    expect(answer.status).toBe(200);
    const json = (await answer.json()) as Awaited<ReturnType<typeof upload>>;
    expect(json.description).toBe('Noise');
    expect(json.meta?.focus).toEqual({ x: -0.5, y: 0.25 });
    const file = await front.request(pathOf(json.url), { token: ann.token });
    expect(file.status).toBe(200);
    const again = await front.request(`/api/v1/media/${json.id}`, { token: ann.token });
    expect(await again.json()).toEqual(json);
  }
  nothingLeft();
});

test('the session of a browser uploads with the token in the header or in the form', async () => {
  const bytes = await photo(200, 100);
  const body = () => form(bytes);
  expect((await front.request('/api/v2/media', { as: ann, body: body() })).status).toBe(200);
  const bare = { cookie: ann.cookie };
  const inForm = form(bytes, { csrf: ann.csrf });
  expect((await front.request('/api/v2/media', { headers: bare, body: inForm })).status).toBe(200);
  const without = await front.request('/api/v2/media', { headers: bare, body: body() });
  expect(without.status).toBe(403);
  nothingLeft();
});

test('nothing of the body is read before the refusal of a stranger, and of what is too large', async () => {
  const stranger = countingBody(10_000_000);
  const request = (body: ReadableStream, headers: Record<string, string>) =>
    front.request('/api/v2/media', { method: 'POST', body, headers: { ...multipart, ...headers } });
  expect((await request(stranger.body, {})).status).toBe(401);
  expect(stranger.state.read).toBe(0);
  const authorization = `Bearer ${ann.token}`;
  const large = countingBody(10_000_000);
  const length = { 'content-length': '150000000', authorization };
  const answer = await request(large.body, length);
  expect(answer.status).toBe(413);
  expect(large.state.read).toBe(0);
  const json = (await answer.json()) as Record<string, unknown>;
  expect(json).toEqual({
    error: json.error,
    message: json.error,
    errors: { file: [json.error] },
  });
  setQuota(app.ctx, ann.viewer.id, 1_000_000);
  const full = countingBody(10_000_000);
  expect((await request(full.body, { 'content-length': '9000000', authorization })).status).toBe(
    507,
  );
  expect(full.state.read).toBe(0);
  nothingLeft();
});

test('a body that lies about its length is stopped while it is counted', async () => {
  await end();
  await start({ config: { uploadMaxSize: 500_000 } });
  const head = part('name="file"; filename="a.jpg"', '').subarray(0, -2);
  const { state, body } = countingBody(50_000_000);
  const joined = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(head),
    pull: async (controller) => {
      const { value } = await reader.read();
      if (value) controller.enqueue(value);
      else controller.close();
    },
  });
  const reader = body.getReader();
  const answer = await front.request('/api/v2/media', {
    method: 'POST',
    body: joined,
    token: ann.token,
    headers: multipart,
  });
  expect(answer.status).toBe(413);
  expect(((await answer.json()) as { error: string }).error).toContain('500 kB');
  expect(state.read).toBeLessThan(2_000_000);
  nothingLeft();
});

test.each([
  [
    415,
    'an SVG',
    async (): Promise<Buffer | string> => '<svg xmlns="http://www.w3.org/2000/svg"/>',
  ],
  [415, 'T58: a PDF that is called a photo', async (): Promise<Buffer | string> => '%PDF-1.7'],
  [
    422,
    'a truncated photo',
    async (): Promise<Buffer | string> => (await photo()).subarray(0, 4000),
  ],
  [422, 'nothing', async (): Promise<Buffer | string> => ''],
] as const)('%d: %s is refused with one sentence', async (status, _what, make) => {
  const answer = await front.request('/api/v2/media', {
    token: ann.token,
    body: form(Buffer.from(await make())),
  });
  expect(answer.status).toBe(status);
  const json = (await answer.json()) as { error: string; errors: { file: string[] } };
  expect(json.error).toMatch(/^[A-Z].*\.$/);
  expect(json.errors.file).toEqual([json.error]);
  nothingLeft();
  expect(await blobFiles(app)).toEqual([]);
});

test('a form without a photo, and a body that is no form, are refused', async () => {
  const empty = new FormData();
  empty.append('description', 'no file');
  const how = { token: ann.token };
  expect((await front.request('/api/v2/media', { ...how, body: empty })).status).toBe(422);
  expect((await front.request('/api/v2/media', { ...how, json: {} })).status).toBe(415);
  const bare = { 'content-type': 'multipart/form-data' };
  const none = await front.request('/api/v2/media', { ...how, body: 'x', headers: bare });
  expect([400, 415]).toContain(none.status);
});

test('two uploads of an account at a time; more wait their turn with their bodies unread', async () => {
  const accountId = ann.viewer.id;
  const open = async () => {
    const { state, body } = countingBody(0);
    const bytes = Buffer.concat([part('name="file"; filename="a.jpg"', 'abc'), last]);
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          state.read += 1;
          if (state.read > 1) controller.close();
          else controller.enqueue(new Uint8Array(bytes));
        },
      },
      { highWaterMark: 0 },
    );
    await body.cancel();
    const request = new Request('http://localhost/', {
      method: 'POST',
      body: stream,
      headers: multipart,
    });
    return {
      state,
      received: receiveUpload(app.ctx, request, { accountId, fileFields: ['file'] }),
    };
  };
  const uploads = await Promise.all([open(), open(), open(), open()]);
  const [one, two, three, four] = uploads;
  const [first, second] = [await one?.received, await two?.received];
  await Bun.sleep(20);
  expect([three?.state.read, four?.state.read]).toEqual([0, 0]);
  await first?.cleanup();
  await first?.cleanup();
  expect((await three?.received)?.files).toHaveLength(1);
  await Bun.sleep(20);
  expect(four?.state.read).toBe(0);
  await second?.cleanup();
  await (await three?.received)?.cleanup();
  await (await four?.received)?.cleanup();
  nothingLeft();
});

test('in a form with several photos, one that is too large costs no other', async () => {
  await end();
  await start({ config: { uploadMaxSize: 300_000 } });
  const body = new FormData();
  body.append('caption', 'kept');
  body.append('alt[]', 'one');
  body.append('alt[]', 'two');
  for (const size of [1000, 400_000, 2000]) {
    body.append('photos', new Blob([new Uint8Array(size)]), 'p.jpg');
  }
  body.append('photos', new Blob([]), '');
  const request = new Request('http://localhost/compose?a=b', { method: 'POST', body });
  const received = await receiveUpload(app.ctx, request, {
    accountId: ann.viewer.id,
    fileFields: ['photos'],
    maxFiles: 20,
  });
  expect(received.files.map(({ index, bytes }) => [index, bytes])).toEqual([
    [0, 1000],
    [2, 2000],
  ]);
  expect(received.refused.map(({ index, error }) => [index, error.kind])).toEqual([
    [1, 'too_large'],
  ]);
  expect({ ...received.fields }).toMatchObject({ a: 'b', caption: 'kept', alt: ['one', 'two'] });
  await received.cleanup();
  nothingLeft();
});

test('a form with photos keeps its text when there is no room for them', async () => {
  setQuota(app.ctx, ann.viewer.id, 1);
  await app.ctx.db.run('UPDATE usage SET rendition_bytes = 1');
  const body = new FormData();
  for (let n = 0; n < 3; n += 1)
    body.append('photos', new Blob([new Uint8Array(300_000)]), 'p.jpg');
  body.append('caption', 'typed after the photos');
  const request = new Request('http://localhost/', { method: 'POST', body });
  const options = { accountId: ann.viewer.id, fileFields: ['photos'], maxFiles: 20 };
  const received = await receiveUpload(app.ctx, request, options);
  expect(received.files).toEqual([]);
  expect(received.refused.map(({ error }) => error.kind)).toEqual(Array(3).fill('out_of_space'));
  expect({ ...received.fields }).toEqual({ caption: 'typed after the photos' });
  await received.cleanup();
  nothingLeft();
});

test('a form with more photos than allowed is refused', async () => {
  const body = new FormData();
  for (let n = 0; n < 4; n += 1) body.append('photos', new Blob([new Uint8Array(10)]), 'p.jpg');
  const request = new Request('http://localhost/', { method: 'POST', body });
  const options = { accountId: ann.viewer.id, fileFields: ['photos'], maxFiles: 3 };
  const error = await receiveUpload(app.ctx, request, options).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error.message).toContain('3 photos');
  nothingLeft();
});

test('T66: 20 parallel uploads over HTTP stop exactly at the quota', async () => {
  const bytes = await photo(160, 120);
  await upload(front, ann, bytes);
  const each = readMeter(app.ctx, ann.viewer.id).usedBytes;
  setQuota(app.ctx, ann.viewer.id, each * 8 - 1);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      front.request('/api/v2/media', { token: ann.token, body: form(bytes) }),
    ),
  );
  const statuses = answers.map((answer) => answer.status).sort();
  expect(statuses).toEqual([...Array(6).fill(200), ...Array(14).fill(507)]);
  expect(readMeter(app.ctx, ann.viewer.id).usedBytes).toBe(each * 7);
  nothingLeft();
}, 30_000);

test('an app without the scope may not upload', async () => {
  const { createToken } = await import('#domain/accounts/tokens.ts');
  const token = createToken(app.ctx, ann.viewer.id, 'reader', 'read');
  const answer = await front.request('/api/v2/media', { token, body: form(await photo(64, 64)) });
  expect(answer.status).toBe(403);
});

test('the own account tells what is stored, renditions too, after an upload and after its removal', async () => {
  const stored = async () => {
    const answer = await app.request('/api/v1/accounts/verify_credentials', { as: ann });
    return ((await answer.json()) as CredentialAccountJson).tintype.storage;
  };
  expect(await stored()).toMatchObject({ used_bytes: 0, quota_bytes: null });
  const added = await upload(front, ann, await photo(400, 300));
  const { usedBytes, originalsBytes, renditionsBytes } = readMeter(app.ctx, ann.viewer.id);
  expect(renditionsBytes).toBeGreaterThan(0);
  expect(await stored()).toEqual({
    used_bytes: usedBytes,
    quota_bytes: null,
    originals_bytes: originalsBytes,
    renditions_bytes: renditionsBytes,
  });
  const path = `/api/v1/media/${added.id}`;
  expect((await front.request(path, { as: ann, method: 'DELETE' })).status).toBe(200);
  expect((await stored()).used_bytes).toBe(0);
});
