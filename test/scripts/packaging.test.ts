import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { fingerprint } from '#scripts/fingerprint.ts';
import { root } from '#scripts/process.ts';
import { bunTest } from '#scripts/steps.ts';
import { aliases, bunVersion, hostTarget, targets } from '#scripts/targets.ts';

const read = (path: string): Promise<string> => Bun.file(join(root, path)).text();

test('the Bun that is compiled in is the one that the package, the image and the CI name', async () => {
  const { packageManager, devDependencies } = JSON.parse(await read('package.json'));
  expect(packageManager).toBe(`bun@${bunVersion}`);
  expect(devDependencies['bun-types']).toBe(bunVersion);
  expect(await read('Dockerfile')).toContain(`npx --yes bun@${bunVersion} run build`);
  expect(await read('.ci/run')).toEndWith(`npx --yes bun@${bunVersion} run test\n`);
});

test('every target has a checksum of Bun and locked packages of sharp', async () => {
  const lock = await read('bun.lock');
  for (const { bunSha256, sharp } of targets) {
    expect(bunSha256).toMatch(/^[0-9a-f]{64}$/);
    for (const name of [`@img/sharp-${sharp}`, `@img/sharp-libvips-${sharp}`]) {
      expect(lock).toMatch(new RegExp(`"${name}": \\["${name}@[\\d.]+",.*"sha512-`));
    }
  }
  expect(targets.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.values(aliases)));
});

test('this machine is one that an executable is built for', () => {
  expect(hostTarget()?.name).toBe(`linux-${process.arch}`);
});

test('no host of a registry is written into the project', async () => {
  const lock = await read('bun.lock');
  expect(lock).not.toMatch(/https?:\/\//);
});

test('a fingerprint changes with a path, a byte and a word beside the files', async () => {
  const one = await fingerprint(['scripts/targets.ts']);
  expect(await fingerprint(['scripts/targets.ts'])).toBe(one);
  expect(await fingerprint(['scripts/steps.ts'])).not.toBe(one);
  expect(await fingerprint(['scripts/targets.ts'], ['x'])).not.toBe(one);
});

test('the sum of the tests counts a skipped test and a file that cannot be loaded as failed', async () => {
  const folder = join('build', 'stamps', `steps-${process.pid}`);
  const write = (name: string, text: string): Promise<number> =>
    Bun.write(join(root, folder, name), text);
  await write(
    'a.test.ts',
    `import { test } from 'bun:test'; test('a', () => {}); test.skip('b', () => {});`,
  );
  await write('b.test.ts', `throw new Error('no tests in here');`);
  const skipped = await bunTest('skipped', [`${folder}/a.test.ts`], 1);
  const broken = await bunTest('broken', [`${folder}/b.test.ts`], 1);
  await Bun.$`rm -r ${join(root, folder)}`;
  expect([skipped.passed, skipped.failed]).toEqual([1, 1]);
  expect([broken.passed, broken.failed]).toEqual([0, 1]);
});

test('the licence is the whole AGPL, version 3', async () => {
  const text = await read('LICENSE');
  expect(text).toContain('GNU AFFERO GENERAL PUBLIC LICENSE');
  expect(text).toContain('13. Remote Network Interaction');
  expect(text).toContain('END OF TERMS AND CONDITIONS');
  expect(text.length).toBeGreaterThan(34_000);
});
