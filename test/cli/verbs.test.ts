import { afterAll, beforeAll, expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  runSourceVerb,
  type SourceServer,
  startSourceServer,
} from '#test/harness/source-server.ts';
import { tempDir } from '#test/harness/temp-dir.ts';

const PASSWORD = 'a long password for tests';
// Longer than the kernel takes for a socket's address.
const data = join(tempDir(), 'd'.repeat(100), 'tintype-data');
let server: SourceServer;

const verb = (argv: string, stdin = '') =>
  runSourceVerb([...argv.split(' '), '--data', data], { stdin });
const json = async (argv: string) => JSON.parse((await verb(`${argv} --json`)).stdout);

beforeAll(async () => {
  server = await startSourceServer(data);
});
afterAll(() => server.end('SIGTERM'));

test('serve prints one line with the address and a set-up link, and how to reach it', () => {
  expect(server.output()).toContain(`is ready: ${server.url}`);
  expect(server.output()).toMatch(/\/setup\?code=[a-z2-7-]+/);
  expect(server.output()).toContain('ssh -L');
});

test('the data directory, the database and the socket are for their owner alone', () => {
  expect(statSync(data).mode & 0o777).toBe(0o700);
  for (const name of ['tintype.db', 'admin.sock', 'lock']) {
    expect(statSync(join(data, name)).mode & 0o077).toBe(0);
  }
});

test('setup-link prints a fresh link while the server runs, and the old one ends', async () => {
  const old = /\/setup\?code=\S+/.exec(server.output())?.[0] ?? '';
  const { stdout, code } = await verb('setup-link');
  expect(code).toBe(0);
  const link = stdout.split('\n')[0] ?? '';
  expect(link).toStartWith(`${server.url}/setup?code=`);
  expect((await fetch(link)).status).toBe(200);
  expect(link).not.toContain(old);
});

test('an account is made, shown, given a quota and a token that works at once', async () => {
  const made = await verb(
    'account create ada --email ada@example.org --owner --password-stdin',
    `${PASSWORD}\n`,
  );
  expect(made).toMatchObject({ code: 0, stdout: 'ada is there (owner).' });
  expect(await json('account show ada')).toMatchObject({ name: 'ada', role: 'owner' });
  await verb('account quota ada 5GB');
  expect(await json('account show ada')).toMatchObject({ quotaBytes: 5e9 });
  const token = (await verb('account token ada')).stdout;
  const answer = await fetch(`${server.url}/api/v1/accounts/verify_credentials`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ username: 'ada' });
});

test('once there is an owner, no set-up link is made any more', async () => {
  const refused = await verb('setup-link');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toBe('');
  expect(refused.stderr).toContain('set up already');
});

test('an account is suspended, restored, given a new password and a reset link, and deleted', async () => {
  await verb('account create ben --email ben@example.org --password-stdin', PASSWORD);
  await verb('account suspend ben');
  expect(await json('account show ben')).toMatchObject({ state: 'suspended' });
  await verb('account restore ben');
  expect((await verb('account password ben --password-stdin', 'another long password')).code).toBe(
    0,
  );
  expect((await json('account reset-link ben')).url).toStartWith(`${server.url}/reset/`);
  expect((await verb('account delete ben')).code).toBe(2);
  expect((await verb('account delete ben --yes')).code).toBe(0);
  await Bun.sleep(200);
  expect((await verb('account show ben')).stderr).toContain('There is no account "ben"');
});

test('invites are made, listed and taken back', async () => {
  expect((await verb('invite create')).stderr).toContain('New accounts are switched off');
  expect(await json('invite list')).toEqual([]);
  expect((await verb('invite revoke 12')).code).toBe(1);
});

test('storage, jobs and health are told as text and as JSON', async () => {
  expect((await verb('media usage')).stdout).toContain('ada');
  expect(await json('media usage')).toMatchObject({ usedBytes: 0, accounts: [{ name: 'ada' }] });
  expect((await json('jobs list')).cron.length).toBeGreaterThan(3);
  expect((await verb('jobs run database.tend')).stdout).toContain('log emptied');
  expect((await verb('jobs retry 12')).code).toBe(1);
  expect(await verb('healthcheck')).toMatchObject({ code: 0, stdout: 'ready' });
});

test('config show says where each value comes from, config check finds every mistake', async () => {
  const shown: { key: string; from: string }[] = await json('config show');
  expect(shown.find((each) => each.key === 'data')?.from).toBe('--data');
  const env = { TINTYPE_DATA: data, TINTYPE_MODE: 'famly', TINTYPE_LISTN: '1' };
  const checked = await runSourceVerb(['config', 'check'], { env });
  expect(checked.code).toBe(1);
  expect(checked.stderr).toContain('2 settings are wrong');
  expect(checked.stderr).toContain('Did you mean TINTYPE_LISTEN?');
});

test('wrong usage is code 2 with the usage, and never a stack', async () => {
  for (const argv of [
    'account creat',
    'account create',
    'account show',
    'jobs list --stat dead',
    'serve --lisen 1',
  ]) {
    const { code, stderr } = await verb(argv);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: tintype');
    expect(stderr).not.toContain('at run');
  }
});

test('a password never stands on the command line', async () => {
  const { code, stderr } = await verb('account create eve --email eve@example.org');
  expect(code).toBe(2);
  expect(stderr).toContain('--password-stdin');
});

test('domains are blocked, listed, imported from a file or standard input, exported and taken back', async () => {
  const made = await verb('domains block BAD.example --reason Spam');
  expect(made).toMatchObject({ code: 0, stdout: 'bad.example is blocked.' });
  const file = join(tempDir(), 'list.csv');
  await Bun.write(file, '#domain,#severity\nloud.example,silence\nnot a domain,suspend\n');
  const imported = await verb(`domains import ${file}`);
  expect(imported.code).toBe(0);
  expect(imported.stdout).toStartWith('1 added');
  expect(imported.stdout).toContain('line 3, not a domain');
  expect((await verb('domains import - --as allow', 'friend.example\n')).code).toBe(0);
  expect(await json('domains list')).toMatchObject([
    { domain: 'bad.example', rule: 'block', reason: 'Spam' },
    { domain: 'friend.example', rule: 'allow' },
    { domain: 'loud.example', rule: 'limit' },
  ]);
  expect((await verb('domains export')).stdout.split('\n').slice(1)).toEqual([
    'bad.example,suspend,true,true,Spam,false',
    'loud.example,silence,false,false,,false',
  ]);
  expect((await verb('domains remove bad.example')).code).toBe(0);
  expect((await verb('domains remove bad.example')).code).toBe(1);
  expect((await verb('domains block')).code).toBe(2);
  expect((await verb('domains import /nothing/there')).code).toBe(2);
});

test('a place is closed and kept open again, and what is public becomes files', async () => {
  const day = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  expect((await verb('closing announce tomorrow')).code).toBe(2);
  const early = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  expect((await verb(`closing announce ${early}`)).stderr).toContain('at least 7 days');
  expect((await verb(`closing announce ${day}`)).stdout).toContain(day);
  expect((await verb('closing status')).stdout).toContain(`Closes on ${day}`);
  expect((await verb('closing call-off')).code).toBe(0);
  expect((await json('closing status')).closing).toBeNull();
  const folder = join(data, '..', 'copy');
  expect((await verb(`closing copy ${folder}`)).stdout).toContain('Open index.html');
  expect(await Bun.file(join(folder, 'index.html')).text()).toContain('A copy of');
  expect((await verb(`closing copy ${folder}`)).stderr).toContain('is not empty');
});
