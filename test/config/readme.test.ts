import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { verbs } from '#cli/verbs.ts';
import { withSettingsTable } from '#scripts/settings-table.ts';

const readme = await Bun.file(join(import.meta.dir, '..', '..', 'README.md')).text();

test('the settings in the README are those of the code ("bun scripts/settings-table.ts" writes them)', () => {
  expect(readme).toBe(withSettingsTable(readme));
});

test('the README names every verb', () => {
  const named = Object.entries(verbs).filter(([, verb]) => verb.help !== null);
  expect(named.map(([name]) => name).filter((name) => !readme.includes(`tintype ${name}`))).toEqual(
    [],
  );
});
