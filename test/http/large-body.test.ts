import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { openSocket } from './raw.ts';

let app: TestApp;
let ann: Person;
let port: number;
beforeAll(async () => {
  app = await createTestApp({ config: { uploadMaxSize: 1_000_000 } });
  ann = await app.person('ann', 'owner');
  port = Number(new URL((await app.app.start()).url).port);
});
afterAll(() => app.close());

/** Announces a body of so many bytes, sends its beginning, and reads the answer to its end. */
async function announce(path: string, bytes: number, headers: string[]): Promise<string> {
  const socket = await openSocket(port);
  let answer = '';
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('data', (chunk) => {
    answer += String(chunk);
    const length = Number(/^content-length: ([0-9]+)/im.exec(answer)?.[1] ?? 0);
    const head = answer.indexOf('\r\n\r\n');
    if (head >= 0 && Buffer.byteLength(answer.slice(head + 4)) >= length) resolve();
  });
  socket.on('close', () => resolve());
  socket.write(
    [
      `POST ${path} HTTP/1.1`,
      `host: localhost:${port}`,
      'accept: text/html',
      'sec-fetch-site: same-origin',
      'content-type: multipart/form-data; boundary=x',
      `content-length: ${bytes}`,
      ...headers,
      '',
      '--x\r\n',
    ].join('\r\n'),
  );
  await promise;
  socket.destroy();
  return answer;
}

test('a form with more than all its photos may weigh is refused with the page and a sentence, never by the bare server', async () => {
  for (const bytes of [21_000_001, 22_000_000, 5e9, 9e15]) {
    const answer = await announce('/compose', bytes, [`cookie: ${ann.cookie}`]);
    expect(answer).toStartWith('HTTP/1.1 413');
    expect(answer).toContain('This upload is too large: 20 MB can be sent at once.');
    expect(answer).toContain('<!doctype html>');
  }
});

test('a stranger is refused for being one, whatever is announced', async () => {
  const page = await announce('/compose', 5e9, []);
  expect(page.split('\r\n')[0]).toMatch(/^HTTP\/1.1 (303|401)/);
  const api = await announce('/api/v2/media', 5e9, []);
  expect(api).toStartWith('HTTP/1.1 401');
});

test('an app that announces too much gets the sentence as JSON', async () => {
  const answer = await announce('/api/v2/media', 5e9, [`authorization: Bearer ${ann.token}`]);
  expect(answer).toStartWith('HTTP/1.1 413');
  expect(answer).toContain('"error":"');
});
