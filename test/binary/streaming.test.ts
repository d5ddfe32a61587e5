import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { type Home, makeHome, type Running, runVerb, startBinary } from '#test/harness/binary.ts';
import { createPushService, createReceiver } from '#test/streaming/push-service.ts';

// A heavy machine is a slow one.
setDefaultTimeout(120_000);

let home: Home;
let server: Running;
const tokens = { ann: '', ben: '' };

async function verb(args: string[], stdin = ''): Promise<string> {
  const ended = await runVerb(home, [...args, '--data', home.data], { stdin });
  if (ended.code !== 0) throw new Error(ended.stderr);
  return ended.stdout.trim();
}

beforeAll(async () => {
  home = makeHome();
  server = await startBinary(home, {
    env: { TINTYPE_FEDERATION_ALLOW_ADDRESSES: '127.0.0.0/8', TINTYPE_MODE: 'community' },
  });
  for (const name of ['ann', 'ben'] as const) {
    const owner = name === 'ann' ? ['--owner'] : [];
    const email = ['--email', `${name}@example.org`, '--password-stdin'];
    await verb(['account', 'create', name, ...email, ...owner], 'correct horse battery\n');
    tokens[name] = await verb(['account', 'token', name]);
  }
});
afterAll(async () => {
  await server.stop();
  home.remove();
});

async function post(path: string, token: string, body: object = {}): Promise<{ id: string }> {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

test('the executable streams over a WebSocket and tells apps by web push', async () => {
  const service = createPushService();
  const receiver = createReceiver();
  const address = `${server.url.replace('http', 'ws')}/api/v1/streaming?stream=user`;
  const socket = new WebSocket(address, [tokens.ann]);
  const frames: string[] = [];
  const opened = new Promise((resolve) => socket.addEventListener('open', resolve));
  const enough = new Promise<void>((resolve) =>
    socket.addEventListener('message', ({ data }) => {
      frames.push(JSON.parse(String(data)).event);
      if (frames.includes('update') && frames.includes('notification')) resolve();
    }),
  );
  await opened;
  expect(socket.protocol).toBe(tokens.ann);
  await post('/api/v1/push/subscription', tokens.ann, {
    subscription: { endpoint: service.url('/x'), keys: receiver.keys, standard: true },
    data: { alerts: { favourite: true } },
  });
  const { id } = await post('/api/v1/statuses', tokens.ann, { status: 'Hello out there' });
  await post(`/api/v1/statuses/${id}/favourite`, tokens.ben);
  await enough;
  for (let n = 0; n < 200 && service.got.length === 0; n += 1) await Bun.sleep(50);
  const [message] = service.got;
  if (!message) throw new Error(`No message came.\n${server.output()}`);
  expect(receiver.open(message)).toMatchObject({
    access_token: tokens.ann,
    title: '@ben likes your post',
  });
  expect(server.output()).not.toContain(tokens.ann);
  socket.close();
  await service.close();
});

test('the service worker lies at the root, so that it may see to every page', async () => {
  const answer = await fetch(`${server.url}/sw.js`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toStartWith('text/javascript');
  expect(await answer.text()).toContain('notificationclick');
});
