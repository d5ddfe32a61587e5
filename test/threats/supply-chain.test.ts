import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '#package.json';
import { describeParts, licencesOf } from '#scripts/sbom/describe-parts.ts';
import { readLock } from '#scripts/sbom/read-lock.ts';

const root = new URL('../../', import.meta.url).pathname;
const lock = readLock(join(root, 'bun.lock'));
const parts = describeParts(lock);

/** Licences that go together with ours (AGPL-3.0-or-later). */
const FITTING =
  /^(?:MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|LGPL-3\.0(?:-or-later)?|MPL-2\.0|Python-2\.0|WTFPL)$/;

test('T128: every dependency is named exactly and locked by a hash of the registry’s tarball', () => {
  const named = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries(named)) {
    expect(`${name} ${version}`).toMatch(/^\S+ \d+\.\d+\.\d+(?:-[\w.]+)?$/);
    expect(lock.packages.get(name)?.version).toBe(version);
  }
  for (const [place, { integrity, registry }] of lock.packages) {
    expect(`${place} ${integrity}`).toMatch(/ sha512-[A-Za-z0-9+/]{86}==$/);
    expect(`${place} ${registry}`).toBe(`${place} `);
  }
});

test('T128: nothing runs while it is installed, neither of others nor of ours', () => {
  expect(Object.keys(manifest)).not.toContain('trustedDependencies');
  const scripts = Object.keys(manifest.scripts);
  expect(scripts.filter((name) => /^(?:pre|post)?(?:install|prepare|pack)/.test(name))).toEqual([]);
  const install = readFileSync(join(root, 'scripts/install.ts'), 'utf8');
  expect(install).toContain("'--frozen-lockfile', '--ignore-scripts'");
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  for (const [line] of dockerfile.matchAll(/^.*bun (?:install|add).*$/gm)) {
    expect(line).toContain('--ignore-scripts');
  }
});

test('T128: the bill of materials names all that the executable holds, with hash and licence', () => {
  const names = new Set(parts.components.map(({ name }) => name));
  for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name);
  expect(names).toContain('@img/sharp-libvips-linux-x64');
  expect(names).toContain('@img/sharp-libvips-linux-arm64');
  for (const { name, hashes, licenses } of parts.components) {
    expect(`${name} ${hashes[0]?.content}`).toMatch(/ [0-9a-f]{128}$/);
    expect(licenses.length, name).toBe(1);
  }
  const refs = new Set(parts.components.map((each) => each['bom-ref']));
  for (const { ref, dependsOn } of parts.dependencies) {
    for (const each of [ref, ...dependsOn]) expect(refs).toContain(each);
  }
  expect(JSON.stringify(describeParts(lock))).toBe(JSON.stringify(parts));
});

test('T128: every licence goes together with ours', () => {
  const odd = licencesOf(parts).filter(
    ([licence]) =>
      !licence
        .replace(/[()]/g, '')
        .split(/ OR | AND /)
        .some((each) => FITTING.test(each)),
  );
  expect(odd).toEqual([]);
});
