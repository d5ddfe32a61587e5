import { afterEach, expect, test } from 'bun:test';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runSourceVerb, startSourceServer } from '#test/harness/source-server.ts';
import { tempDir } from '#test/harness/temp-dir.ts';
import { runAtTerminal } from '#test/harness/terminal.ts';

const PASSWORD = 'a long password for tests';
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const create = (data: string, ...argv: string[]) => [
  'account',
  'create',
  'ada',
  '--email',
  'ada@example.org',
  '--data',
  data,
  ...argv,
];

test('an owner made at the command line makes the data directory, before any server ran', async () => {
  const data = join(tempDir(), 'new');
  const made = await runSourceVerb(create(data, '--owner', '--password-stdin'), {
    stdin: `${PASSWORD}\n`,
  });
  expect(made).toEqual({ code: 0, stdout: 'ada is there (owner).', stderr: '' });
  expect(statSync(data).mode & 0o777).toBe(0o700);
  const server = await startSourceServer(data);
  ends.push(() => server.end('SIGTERM'));
  expect(server.output()).not.toContain('/setup');
  const signIn = await fetch(`${server.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ username: 'ada', password: PASSWORD }),
  });
  expect([signIn.status, signIn.headers.get('location')]).toEqual([303, '/']);
});

test('every other verb keeps its hands off a directory without a Tintype', async () => {
  const data = join(tempDir(), 'nothing');
  for (const argv of [create(data, '--password-stdin'), ['account', 'list', '--data', data]]) {
    const { code, stderr } = await runSourceVerb(argv, { stdin: PASSWORD });
    expect(code).toBe(1);
    expect(stderr).toContain('There is no Tintype in');
  }
  expect(existsSync(data)).toBe(false);
});

test('at a terminal the password is asked for twice and never shown', async () => {
  const data = join(tempDir(), 'new');
  const { code, screen } = await runAtTerminal(create(data, '--owner'), [
    { after: 'New password: ', type: `${PASSWORD}x\u007f\r` },
    { after: 'Once more: ', type: `${PASSWORD}\r` },
  ]);
  expect(screen).toContain('ada is there (owner).');
  expect(screen).not.toContain('long password');
  expect(code).toBe(0);
});

test('two passwords that differ, and a person who gives up, change nothing', async () => {
  const data = join(tempDir(), 'new');
  const differs = await runAtTerminal(create(data, '--owner'), [
    { after: 'New password: ', type: `${PASSWORD}\r` },
    { after: 'Once more: ', type: 'something else\r' },
  ]);
  expect(differs.code).toBe(1);
  expect(differs.screen).toContain('The two passwords are not the same; nothing was changed.');
  const gaveUp = await runAtTerminal(create(data, '--owner'), [
    { after: 'New password: ', type: '\u0003' },
  ]);
  expect(gaveUp.code).toBe(1);
  expect(gaveUp.screen).toContain('Nothing was changed.');
  expect(existsSync(data)).toBe(false);
});

test('without a terminal and without --password-stdin it says how, with code 2', async () => {
  const { code, stderr } = await runSourceVerb(create(join(tempDir(), 'new'), '--owner'));
  expect(code).toBe(2);
  expect(stderr).toContain('--password-stdin');
});
