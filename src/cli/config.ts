import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '#base/config/load.ts';
import { createAdmin } from './admin.ts';
import { describeSettings } from './describe-settings.ts';
import { readArguments } from './read-arguments.ts';
import { loadSettings } from './settings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

type Shown = { key: string; value: string | null; from: string };

/** `tintype config show|check`: every setting with where it comes from; all mistakes at once. */
export async function run(argv: string[]): Promise<number> {
  const { flags, values, names } = readArguments(argv, {
    options: { json: { type: 'boolean' } },
    settings: 'all',
    least: 1,
  });
  const [what] = names;
  if (what !== 'show' && what !== 'check') throw new UsageError('It is "show" or "check"');
  const json = values.json === true;
  const loaded = loadSettings(flags);
  if (what === 'check') {
    console.log(json ? '{"ok":true}' : 'All settings are right.');
    return 0;
  }
  const shown = await addAdminSettings(loaded);
  if (json) console.log(JSON.stringify(shown, null, 2));
  else console.log(table(['setting', 'value', 'from'], shown.map(toRow)));
  return 0;
}

/** Every flag of `tintype config`. */
export function details(): string {
  return describeSettings();
}

// What an admin chose is in the database, so it needs one.
async function addAdminSettings({ config, origins }: LoadedConfig): Promise<Shown[]> {
  const shown = origins.map(({ key, text, where }) => ({ key, value: text, from: where }));
  if (!existsSync(join(config.data, 'tintype.db'))) return shown;
  const stored = await createAdmin(config)('settings.list', {});
  const texts = new Map(stored.map(({ key, text }) => [key, text]));
  return shown.map((each) => {
    const text = texts.get(each.key);
    if (each.from !== 'default' || text === undefined || text === each.value) return each;
    return { key: each.key, value: text, from: 'admin pages' };
  });
}

function toRow({ key, value, from }: Shown): string[] {
  const text = key === 'owner.password' && from !== 'default' ? '(secret)' : (value ?? '');
  return [key, text.replaceAll('\n', ' / '), from];
}
