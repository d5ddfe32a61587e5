import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, makeHome, runVerb } from '#test/harness/binary.ts';
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

test('every verb that the image names is one', async () => {
  const health = JSON.parse(the(stage, 'HEALTHCHECK').replace(/^.*CMD /, ''));
  const verbs = [JSON.parse(the(stage, 'CMD'))[0], health[1]];
  expect(health[0]).toBe(JSON.parse(the(stage, 'ENTRYPOINT'))[0]);
  for (const verb of verbs) expect((await runVerb(home, ['help', verb])).code).toBe(0);
});
