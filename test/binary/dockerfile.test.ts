import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  type Home,
  littered,
  makeHome,
  runVerb,
  startCommand,
} from '#test/harness/binary.ts';
import { finalStage, type Instruction, the } from '#test/harness/dockerfile.ts';

const root = join(import.meta.dir, '..', '..');
let stage: Instruction[];
let home: Home;

beforeAll(async () => {
  stage = await finalStage();
  home = makeHome();
});
afterAll(() => home.remove());

test('the image is built by the command of the README and takes one file from it', async () => {
  const text = await Bun.file(join(root, 'Dockerfile')).text();
  const { packageManager } = await Bun.file(join(root, 'package.json')).json();
  expect(text).toContain(`RUN npx --yes ${packageManager} run build\n`);
  const [from, to] = the(stage, 'COPY')
    .split(' ')
    .filter((word) => !word.startsWith('--'));
  expect(from).toBe('/src/dist/tintype');
  expect(existsSync(join(root, 'dist', 'tintype'))).toBe(true);
  expect(JSON.parse(the(stage, 'ENTRYPOINT'))).toEqual([to ?? '']);
});

test('nothing of the build context but the source gets into the image', async () => {
  const ignored = (await Bun.file(join(root, '.dockerignore')).text()).trim().split('\n');
  expect(ignored).toEqual(
    expect.arrayContaining(['node_modules', 'dist', 'build', 'tintype-data']),
  );
});

test('the image runs as a user without privileges, by number', () => {
  expect(Number(the(stage, 'USER'))).toBeGreaterThan(999);
  expect(the(stage, 'RUN')).toContain(`--uid ${the(stage, 'USER')}`);
});

test('the volume belongs to that user, is closed to others, and is the data directory', () => {
  const volume = the(stage, 'VOLUME');
  expect(the(stage, 'ENV').split(' ')).toContain(`TINTYPE_DATA=${volume}`);
  expect(the(stage, 'RUN')).toMatch(new RegExp(`install -d -o tintype .*-m 0700 ${volume}`));
});

test('the commands of the image start a server that its health check finds ready and its signal ends', async () => {
  const [program] = JSON.parse(the(stage, 'ENTRYPOINT'));
  const command = JSON.parse(the(stage, 'CMD'));
  const [checker, ...check] = JSON.parse(the(stage, 'HEALTHCHECK').replace(/^.*CMD /, ''));
  expect(checker).toBe(program);
  expect(the(stage, 'STOPSIGNAL')).toBe('SIGTERM');
  const port = await freePort();
  const set = the(stage, 'ENV')
    .split(' ')
    .map((pair) => pair.split('='));
  const env = Object.fromEntries(set);
  expect(env.TINTYPE_LISTEN).toBe(`0.0.0.0:${the(stage, 'EXPOSE')}`);
  // The same variables, with a directory and an address that this machine may give.
  Object.assign(env, { TINTYPE_DATA: home.data, TINTYPE_LISTEN: `127.0.0.1:${port}` });

  const before = await runVerb(home, check, { env, cwd: '/' });
  expect([before.code, before.stderr]).toEqual([1, 'No server runs on this data directory.\n']);
  const server = await startCommand([home.binary, ...command], {
    url: `http://127.0.0.1:${port}`,
    cwd: '/',
    env,
  });
  const during = await runVerb(home, check, { env, cwd: '/' });
  expect([during.code, during.stderr]).toEqual([0, '']);
  expect(await server.stop()).toBe(0);
  expect(await littered(home)).toEqual([]);
});
