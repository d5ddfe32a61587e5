import { expect, test } from 'bun:test';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSourceVerb, startSourceServer } from '#test/harness/source-server.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const root = tempDir();

test('a second server on the same data directory or port says so in one sentence', async () => {
  const data = join(root, 'one');
  const server = await startSourceServer(data);
  const sameData = await runSourceVerb(['serve', '--data', data, '--listen', '0']);
  expect(sameData.code).toBe(1);
  expect(sameData.stderr).toContain(
    `Another Tintype (process ${server.pid}) uses the data directory`,
  );
  const port = new URL(server.url).port;
  const other = ['serve', '--data', join(root, 'other'), '--listen', `127.0.0.1:${port}`];
  const samePort = await runSourceVerb(other);
  expect(samePort.code).toBe(1);
  expect(samePort.stderr).toContain(`Port ${port} is taken`);
  expect(samePort.stderr.split('\n')).toHaveLength(1);
  expect(await server.end('SIGTERM')).toBe(0);
});

test('after SIGKILL the next server starts at once, and verbs work in between', async () => {
  const data = join(root, 'killed');
  const server = await startSourceServer(data);
  await server.end('SIGKILL');
  expect(readdirSync(data)).toContain('admin.sock');
  const between = await runSourceVerb(['account', 'list', '--data', data]);
  expect(between).toMatchObject({ code: 0, stdout: 'There are no accounts yet.' });
  const next = await startSourceServer(data);
  expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
  expect(await next.end('SIGINT')).toBe(0);
  expect(readdirSync(data)).not.toContain('admin.sock');
});

test('the owner is made from variables once, the password from a file', async () => {
  const data = join(root, 'container');
  const password = join(root, 'password');
  writeFileSync(password, 'a long password for tests\n');
  const env = {
    TINTYPE_OWNER_NAME: 'ada',
    TINTYPE_OWNER_EMAIL: 'ada@example.org',
    TINTYPE_OWNER_PASSWORD_FILE: password,
    TINTYPE_MODE: 'family',
  };
  for (let start = 0; start < 2; start += 1) {
    const server = await startSourceServer(data, { env });
    expect(server.output()).not.toContain('/setup');
    await server.end('SIGTERM');
  }
  const listed = await runSourceVerb(['account', 'list', '--json', '--data', data]);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'ada', role: 'owner' }]);
});

test('a request that is being answered is finished before the server goes', async () => {
  const data = join(root, 'drain');
  const server = await startSourceServer(data);
  const { hostname, port } = new URL(server.url);
  let answer = '';
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (_socket, bytes) => {
        answer += bytes.toString();
      },
    },
  });
  // The body comes late: the server has begun with the request and waits for it.
  const body = 'username=ada&password=nothing';
  socket.write(
    `POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  await Bun.sleep(100);
  const ended = server.end('SIGTERM');
  await Bun.sleep(150);
  socket.write(body);
  expect(await ended).toBe(0);
  expect(answer).toStartWith('HTTP/1.1 ');
});

test('a data directory that cannot be one is refused with a sentence', async () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  const refused = await runSourceVerb(['serve', '--data', file, '--listen', '0']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('cannot be used');
  const foreign = join(root, 'foreign');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'tintype.db'), 'this is no database at all, it is a letter');
  const broken = await runSourceVerb(['serve', '--data', foreign, '--listen', '0']);
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('cannot be opened');
});

test('a verb without a data directory says what to do', async () => {
  const refused = await runSourceVerb(['account', 'list', '--data', join(root, 'nothing')]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('tintype serve');
});

test('a server and verbs that come at the same moment wait for each other', async () => {
  const data = join(root, 'starting');
  await (await startSourceServer(data)).end('SIGTERM');
  const list = () => runSourceVerb(['account', 'list', '--data', data]);
  const [server, ...listed] = await Promise.all([startSourceServer(data), list(), list()]);
  expect(listed.map(({ code }) => code)).toEqual([0, 0]);
  expect(await server.end('SIGTERM')).toBe(0);
});
