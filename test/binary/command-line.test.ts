import { afterAll, beforeAll, expect, test } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Home, littered, makeHome, runVerb } from '#test/harness/binary.ts';

let home: Home;
beforeAll(() => {
  home = makeHome();
});
afterAll(() => home.remove());

test('the executable alone in a read-only directory says its version without any environment', async () => {
  const { code, stdout, stderr } = await runVerb(home, ['version']);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^tintype \d+\.\d+\.\d+ .*linux-(x64|arm64), Bun 1\.4\.5\n$/);
  expect(code).toBe(0);
});

test('version --json names commit and build date, the same for every build of a commit', async () => {
  const { stdout } = await runVerb(home, ['version', '--json']);
  const facts = JSON.parse(stdout);
  const names = ['builtAt', 'bun', 'commit', 'source', 'target', 'updateKey', 'version'];
  expect(Object.keys(facts).sort()).toEqual(names);
  expect(facts.bun).toBe('1.4.5');
});

test('help lists the verbs on stdout and exits with 0', async () => {
  for (const args of [['help'], ['--help'], ['-h']]) {
    const { code, stdout } = await runVerb(home, args);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: tintype VERB');
    expect(stdout).toContain('  version ');
  }
});

test('help of one verb shows its usage, whichever way it is asked for', async () => {
  const asked = await runVerb(home, ['help', 'version']);
  const flagged = await runVerb(home, ['version', '--help']);
  expect(asked).toEqual(flagged);
  expect(asked.stdout).toStartWith('Usage: tintype version [--json]');
});

test('wrong usage exits with 2 and one sentence on stderr', async () => {
  const unknown = await runVerb(home, ['pubish']);
  expect(unknown).toEqual({
    code: 2,
    stdout: '',
    stderr: 'There is no verb "pubish". "tintype help" lists them.\n',
  });
  const none = await runVerb(home, []);
  expect([none.code, none.stdout]).toEqual([2, '']);
  const flag = await runVerb(home, ['version', '--colour']);
  expect(flag.code).toBe(2);
  expect(flag.stderr).toContain('--colour');
  expect(flag.stderr).toContain('Usage: tintype version [--json]');
});

test('names that every object has are not verbs', async () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect((await runVerb(home, [name])).code).toBe(2);
  }
});

test('a bunfig.toml in the directory of the start runs nothing', async () => {
  const place = mkdtempSync(join(tmpdir(), 'tintype-cwd-'));
  chmodSync(place, 0o755);
  writeFileSync(join(place, 'bunfig.toml'), 'preload = ["./planted.ts"]\n');
  writeFileSync(join(place, 'planted.ts'), 'console.log("planted");\n');
  try {
    const { code, stdout } = await runVerb(home, ['version'], { cwd: place });
    expect(code).toBe(0);
    expect(stdout).toStartWith('tintype ');
    expect(stdout).not.toContain('planted');
  } finally {
    rmSync(place, { recursive: true });
  }
});

test('nothing is written outside of the data directory', async () => {
  expect(await littered(home)).toEqual([]);
});
