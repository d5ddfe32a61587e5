import { afterAll, beforeAll, expect, test } from 'bun:test';
import { type Home, littered, makeHome, runVerb } from '#test/harness/binary.ts';

let home: Home;
beforeAll(() => {
  home = makeHome('arm64');
});
afterAll(() => home.remove());

test('the arm64 executable says what it was built for', async () => {
  const { code, stdout } = await runVerb(home, ['version', '--json'], { architecture: 'arm64' });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).target).toBe('linux-arm64');
});

test('the arm64 executable writes nothing outside of the data directory', async () => {
  expect(await littered(home)).toEqual([]);
});
