import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Socket } from 'node:net';
import { findUsage } from '#domain/storage/queries.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { avifBomb, gifBomb, jpegBomb, pngBomb, webpBomb } from '#test/harness/bombs.ts';
import { openSocket } from '#test/http/raw.ts';
import { photo, tempFiles } from '#test/media/world.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

// The real image worker and a real port: what is said here holds for the whole way of a photo.
let app: TestApp;
let ann: Person;
let port: number;
let jpeg: Buffer;
beforeAll(async () => {
  app = await createTestApp({ config: { rates: false }, settings: { 'storage.min_free': '0' } });
  ann = await app.person('ann', 'owner');
  port = Number(new URL((await app.app.start()).url).port);
  jpeg = await photo(300, 200);
});
afterAll(() => app.close());

async function send(bytes: Uint8Array, name = 'a.jpg', type = 'image/jpeg') {
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
  const headers = { authorization: `Bearer ${ann.token}` };
  const answer = await fetch(`http://127.0.0.1:${port}/api/v2/media`, {
    method: 'POST',
    body,
    headers,
  });
  const json = (await answer.json()) as { error?: string; id?: string; url?: string };
  return { status: answer.status, ...json };
}

async function settled(): Promise<void> {
  for (let n = 0; n < 300 && tempFiles(app).length > 0; n += 1) await Bun.sleep(10);
  expect(tempFiles(app)).toEqual([]);
  expect(findUsage(app.ctx.db, ann.viewer.id)?.reservedBytes ?? 0).toBe(0);
  expect(await verifyStorage(app.ctx)).toEqual({ missing: [], changed: [], orphans: [] });
}

describe('T55 T56 T58 T59 T60: a hostile file, sent as a photo', () => {
  const text = (words: string) => () => Buffer.from(words, 'latin1');
  const cases: Record<string, [() => Buffer | Promise<Buffer>, number]> = {
    'PNG of 65,535 x 65,535': [() => pngBomb(65_535, 65_535), 422],
    'WebP of 16,383 x 16,383': [() => webpBomb(16_383, 16_383), 422],
    'GIF of 65,535 x 65,535': [() => gifBomb(65_535, 65_535), 422],
    'JPEG of 65,535 x 65,535': [() => jpegBomb(65_535, 65_535), 422],
    'progressive JPEG of 65,000 x 65,000': [() => jpegBomb(65_000, 65_000, true), 422],
    'AVIF of 65,535 x 65,535': [() => avifBomb(65_535, 65_535), 422],
    'GIF of 10,000 frames': [() => gifBomb(1, 1, 10_000), 422],
    'WebP of 10,000 frames': [() => webpBomb(16, 16, 10_000), 422],
    'APNG of 10,000 frames': [() => pngBomb(16, 16, 10_000), 422],
    'GIF of few frames on a huge canvas': [() => gifBomb(9000, 9000, 50), 422],
    SVG: [text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 415],
    page: [text('<!doctype html><script>alert(1)</script>'), 415],
    ZIP: [text('PK\x03\x04'), 415],
    PDF: [text('%PDF-1.7\n'), 415],
    TIFF: [text('II*\0\x08\0\0\0'), 415],
    nothing: [text(''), 422],
    'half a JPEG': [() => jpeg.subarray(0, 400), 422],
  };
  for (const [name, [make, status]] of Object.entries(cases)) {
    test(`is refused with a sentence: ${name}`, async () => {
      const answer = await send(await make());
      expect(answer.status).toBe(status);
      expect(answer.error).toMatch(/^[A-Z][^{}<>]{10,200}\.$/);
      await settled();
    });
  }
  test('a JPEG with a page and an archive behind it comes out without them', async () => {
    const tail = Buffer.from('<html><script>alert(1)</script>PK\x03\x04'.repeat(50), 'latin1');
    const { status, url } = await send(Buffer.concat([jpeg, tail]), 'x.html', 'text/html');
    expect(status).toBe(200);
    const file = await fetch(new URL(new URL(url ?? '').pathname, `http://127.0.0.1:${port}`), {
      headers: { authorization: `Bearer ${ann.token}` },
    });
    expect(file.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await file.arrayBuffer()).includes('<script>')).toBe(false);
  });
});

test('T67: clients that go away at any point of an upload leave nothing, and nobody’s slot is lost', async () => {
  const body = Buffer.concat([
    Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'),
    jpeg,
    Buffer.from('\r\n--b--\r\n'),
  ]);
  const head = Buffer.from(
    `POST /api/v2/media HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ann.token}\r\n` +
      `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  const whole = Buffer.concat([head, body]);
  for (let round = 0; round < 30; round += 1) {
    const socket: Socket = await openSocket(port);
    socket.on('error', () => undefined);
    // The last rounds send all of it and do not wait for the answer.
    const cut = round > 24 ? whole.length : Math.floor((whole.length * round) / 25);
    socket.write(whole.subarray(0, cut));
    await Bun.sleep(Math.random() * 20);
    socket.destroy();
  }
  const answers = await Promise.all([send(jpeg), send(jpeg), send(jpeg)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await settled();
});

test('T57: with the image worker killed again and again, uploads are answered and nothing is left', async () => {
  let done = false;
  const killing = (async () => {
    while (!done) {
      for (const pid of workers()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended by itself.
        }
      }
      await Bun.sleep(150);
    }
  })();
  const answers = await Promise.all(Array.from({ length: 12 }, () => send(jpeg)));
  done = true;
  await killing;
  for (const { status, error } of answers) {
    expect([200, 422, 503]).toContain(status);
    if (status !== 200) expect(error).toMatch(/\.$/);
  }
  expect((await send(jpeg)).status).toBe(200);
  await settled();
});

/** Image workers that this process started. */
function workers(): number[] {
  const found = Bun.spawnSync(['ps', '-o', 'pid=,args=', '--ppid', String(process.pid)]);
  return found.stdout
    .toString()
    .split('\n')
    .filter((line) => line.includes('image-worker'))
    .map((line) => Number.parseInt(line, 10));
}
