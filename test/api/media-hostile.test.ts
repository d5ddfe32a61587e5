import { afterEach, beforeEach, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { findUsage } from '#domain/storage/queries.ts';
import { receiveUpload } from '#doors/http/uploads.ts';
import type { Person, TestApp, TestAppOptions } from '#test/harness/app.ts';
import { type Front, openFront, pathOf, upload } from '#test/media/front.ts';
import { boundary, last, multipart, part } from '#test/media/multipart.ts';
import { createMediaApp, photo, tempFiles } from '#test/media/world.ts';

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

test.each([
  ['with a way up', '../../../etc/passwd'],
  ['that reads backwards', 'a\u202egpj.exe'],
  ['with escapes', '%2e%2e%2fb.jpg'],
  ['with a second name in it', '"; filename="x.svg'],
  ['of four kilobytes', 'x'.repeat(4000)],
  ['with a NUL', 'null\0byte.jpg'],
])('T68: a file name %s decides nothing', async (_what, name) => {
  const bytes = await photo(64, 64);
  const head = `name="file"; filename="${name}"`;
  const body = Buffer.concat([part(head, bytes), last]);
  const answer = await front.request('/api/v2/media', {
    token: ann.token,
    body: new Uint8Array(body),
    headers: multipart,
  });
  const text = await answer.text();
  if (answer.status === 200) {
    expect(pathOf((JSON.parse(text) as { url: string }).url)).toMatch(
      /^\/media\/[a-z2-7]{26}\.jpg$/,
    );
  } else expect(answer.status).toBeLessThan(500);
  expect(text).not.toContain('passwd');
  nothingLeft();
});

test('T67: a million parts are refused after the first few', async () => {
  const one = part('name="a"', 'b');
  const many = Buffer.concat(Array.from({ length: 1000 }, () => one));
  let sent = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        sent += 1000;
        if (sent > 1_000_000) controller.close();
        else controller.enqueue(many);
      },
    },
    { highWaterMark: 0 },
  );
  const started = performance.now();
  const answer = await front.request('/api/v2/media', {
    method: 'POST',
    body,
    token: ann.token,
    headers: multipart,
  });
  expect(answer.status).toBe(400);
  expect(sent).toBeLessThan(20_000);
  expect(performance.now() - started).toBeLessThan(2000);
  nothingLeft();
});

test.each([
  ['a header without an end', () => Buffer.from(`--${boundary}\r\nX: ${'a'.repeat(3_000_000)}`)],
  ['a field of three megabytes', () => part('name="description"', 'x'.repeat(3_000_000))],
  [
    'a nested multipart',
    () => part('name="file"\r\nContent-Type: multipart/mixed; boundary=q', '--q\r\n\r\nx\r\n--q--'),
  ],
  ['nothing but a boundary', () => Buffer.from(`--${boundary}`)],
  ['no boundary at all', () => Buffer.from('hello')],
])('T67: %s is refused and leaves nothing', async (_what, make) => {
  const answer = await front.request('/api/v2/media', {
    token: ann.token,
    body: new Uint8Array(make()),
    headers: multipart,
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  nothingLeft();
});

test('a large upload passes through a little memory', async () => {
  const head = part('name="file"; filename="a.jpg"', '').subarray(0, -2);
  const total = 90_000_000;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const piece = sent === 0 ? new Uint8Array(head) : new Uint8Array(65_536).fill(sent & 255);
        sent += piece.byteLength;
        controller.enqueue(piece);
        if (sent < total) return;
        controller.enqueue(new Uint8Array(Buffer.concat([Buffer.from('\r\n'), last])));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const request = new Request('http://localhost/x', { method: 'POST', body, headers: multipart });
  Bun.gc(true);
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 10);
  const options = { accountId: ann.viewer.id, fileFields: ['file'] };
  const received = await receiveUpload(app.ctx, request, options);
  clearInterval(watch);
  expect(received.files[0]?.bytes).toBeGreaterThan(89_000_000);
  await received.cleanup();
  // A file that is kept whole somewhere, even piece by piece, takes 90 MB and more.
  expect((peak - before) / 1e6).toBeLessThan(60);
  nothingLeft();
}, 30_000);

test('T67: an upload that dawdles is ended, and its slot is free again', async () => {
  const head = part('name="file"; filename="a.jpg"', 'abc').subarray(0, -2);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(head),
    pull: () => new Promise(() => undefined),
  });
  const request = new Request('http://localhost/x', { method: 'POST', body, headers: multipart });
  const pace = { everyMs: 50, leastBytes: 1000, deadlineMs: 10_000 };
  const options = { accountId: ann.viewer.id, fileFields: ['file'], pace };
  await expect(receiveUpload(app.ctx, request, options)).rejects.toThrow('too slowly');
  nothingLeft();
});

test('a client that goes away in the middle leaves nothing', async () => {
  const port = front.listen();
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(
    `POST /api/v2/media HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: ${multipart['content-type']}\r\nContent-Length: 5000000\r\n\r\n`,
  );
  socket.write(part('name="file"; filename="a.jpg"', 'x'.repeat(200_000)));
  for (let tries = 0; tempFiles(app).length === 0 && tries < 200; tries += 1) await Bun.sleep(10);
  expect(tempFiles(app)).toHaveLength(1);
  socket.destroy();
  for (let tries = 0; tempFiles(app).length > 0 && tries < 300; tries += 1) await Bun.sleep(10);
  nothingLeft();
  expect((await upload(front, ann, await photo(64, 64))).id).toBeTruthy();
});
