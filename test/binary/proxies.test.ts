import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, makeHome, type Running, runVerb, startBinary } from '#test/harness/binary.ts';
import { noise } from '#test/harness/pictures.ts';
import { askThrough, PROXY_NAME, type RunningProxy, startProxy } from '#test/harness/proxies.ts';

const origin = `https://${PROXY_NAME}`;
const MEGABYTE = 1_000_000;

let home: Home;
let server: Running;
let token = '';
const data = (): string[] => ['--data', home.data];

beforeAll(async () => {
  home = makeHome();
  writeFileSync(
    join(home.data, 'tintype.toml'),
    `origin = "${origin}"\ntrusted_proxies = "127.0.0.1"\n`,
    { mode: 0o644 },
  );
  server = await startBinary(home);
  const create = ['account', 'create', 'ada', '--email', 'a@b.test', '--owner'];
  await runVerb(home, [...create, '--password-stdin', ...data()], {
    stdin: 'a long password for tests',
  });
  token = (await runVerb(home, ['account', 'token', 'ada', ...data()])).stdout.trim();
});
afterAll(async () => {
  await server.stop();
  home.remove();
});

const authorized = (more: Record<string, string> = {}): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...more,
});

async function publish(port: number, text: string): Promise<number> {
  const body = (async function* () {
    yield Buffer.from(JSON.stringify({ status: text }));
  })();
  const headers = authorized({ 'content-type': 'application/json' });
  return (await askThrough(port, '/api/v1/statuses', { method: 'POST', headers, body })).status;
}

/** A real picture with zeros behind it, as a form: `bytes` altogether, never in memory at once. */
async function* pictureForm(picture: Buffer, bytes: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from(
    '--edge\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n',
  );
  yield picture;
  const zeros = new Uint8Array(MEGABYTE);
  for (let left = bytes - picture.length; left > 0; left -= MEGABYTE) {
    yield zeros.subarray(0, Math.min(left, MEGABYTE));
  }
  yield Buffer.from('\r\n--edge--\r\n');
}

for (const kind of ['caddy', 'nginx'] as const) {
  describe(`behind ${kind}, set up as the documentation says,`, () => {
    let proxy: RunningProxy;
    beforeAll(async () => {
      proxy = await startProxy(kind, Number(new URL(server.url).port));
    });
    afterAll(() => proxy.close());

    test('plain http is sent on to https', async () => {
      const url = `http://127.0.0.1:${proxy.httpPort}/@ada`;
      const answer = await fetch(url, { redirect: 'manual', headers: { host: PROXY_NAME } });
      expect(answer.status).toBe(308);
      expect(new URL(answer.headers.get('location') ?? '').hostname).toBe(PROXY_NAME);
    });

    test('visitors are told apart by their addresses, whatever they claim', async () => {
      const left = async (from: string): Promise<number> => {
        const headers = { 'x-forwarded-for': '198.51.100.9' };
        const answer = await askThrough(proxy.httpsPort, '/api/v1/instance', { from, headers });
        return Number(answer.headers['x-ratelimit-remaining']);
      };
      const [one, two] =
        kind === 'caddy' ? ['127.0.0.12', '127.0.0.13'] : ['127.0.0.22', '127.0.0.23'];
      const first = await left(one);
      expect(await left(one)).toBe(first - 1);
      expect(await left(two)).toBe(first);
    });

    test('100 MB are uploaded, and parts of the photo are read', async () => {
      const picture = await noise(640, 480).jpeg().toBuffer();
      const headers = authorized({ 'content-type': 'multipart/form-data; boundary=edge' });
      const body = pictureForm(picture, 100 * MEGABYTE - 1000);
      const sent = await askThrough(proxy.httpsPort, '/api/v2/media', {
        method: 'POST',
        headers,
        body,
      });
      expect([sent.status, sent.status === 200 ? '' : sent.body.toString()]).toEqual([200, '']);
      const { url } = JSON.parse(sent.body.toString());
      expect(url).toStartWith(`${origin}/media/`);
      const { pathname, search } = new URL(url);
      const whole = await askThrough(proxy.httpsPort, pathname + search);
      expect(whole.status).toBe(200);
      const range = { range: 'bytes=100-199' };
      const part = await askThrough(proxy.httpsPort, pathname + search, { headers: range });
      expect(part.status).toBe(206);
      expect(part.headers['content-range']).toBe(`bytes 100-199/${whole.body.length}`);
      expect(part.body.equals(whole.body.subarray(100, 200))).toBe(true);
    }, 60_000);

    test('what happens comes by server-sent events as it happens', async () => {
      const said = `by events through ${kind}`;
      const events = askThrough(proxy.httpsPort, '/api/v1/streaming/user', {
        headers: authorized({ accept: 'text/event-stream' }),
        enough: (text) => text.includes(said),
      });
      await Bun.sleep(50);
      expect(await publish(proxy.httpsPort, said)).toBe(200);
      const { headers, body } = await events;
      expect(headers['content-type']).toStartWith('text/event-stream');
      expect(body.toString()).toContain('event: update');
    });

    test('what happens comes by WebSocket', async () => {
      const address = `wss://127.0.0.1:${proxy.httpsPort}/api/v1/streaming?stream=user`;
      // Options of Bun's that the types of browsers do not know.
      const socket = new WebSocket(address, {
        headers: authorized({ host: PROXY_NAME }),
        tls: { rejectUnauthorized: false, serverName: PROXY_NAME },
      } as unknown as string[]);
      const said = `by socket through ${kind}`;
      const heard = new Promise<string>((resolve, reject) => {
        socket.onerror = () => reject(new Error('There is no socket.'));
        socket.onmessage = ({ data: frame }) => resolve(String(frame));
      });
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onclose = () => reject(new Error('The socket was closed.'));
      });
      expect(await publish(proxy.httpsPort, said)).toBe(200);
      expect(await heard).toContain(said);
      socket.close();
    });
  });
}

test('none of these proxies is complained about', async () => {
  const { stdout } = await runVerb(home, ['jobs', 'run', 'proxies.look', ...data()]);
  expect(stdout).toContain('nothing is wrong');
});
