import { join } from 'node:path';
import { flagOf, variableOf } from '#base/config/key-names.ts';
import { type ConfigEntry, configTable } from '#base/config/table.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { adminSettings } from '#domain/settings.ts';

const START = '<!-- settings: made by scripts/settings-table.ts -->';
const END = '<!-- /settings -->';

/** Puts the table of all settings, as the code has them, into the text of the README. */
export function withSettingsTable(readme: string): string {
  const [before, rest = ''] = readme.split(START);
  const [, after] = rest.split(END);
  if (before === undefined || after === undefined) throw new Error('The README has no markers.');
  return `${before}${START}\n${settingsTable()}${END}${after}`;
}

function settingsTable(): string {
  const table: Readonly<Record<string, ConfigEntry<unknown>>> = configTable;
  const start = Object.entries(table).map(([key, entry]) =>
    row(key, entry.fallback ?? '', entry.help, entry.secret === true),
  );
  const admin = Object.entries(adminSettings).map(([key, setting]) => {
    const { label, help, kind, fallback } = setting;
    const shown =
      kind === 'bytes' ? (fallback === 0 ? '0' : formatBytes(Number(fallback))) : fallback;
    return row(key, String(shown), `${label}: ${help}`, false);
  });
  return [
    '| Key in `tintype.toml` | Flag | Variable | Default | What it does |',
    '|---|---|---|---|---|',
    ...start,
    ...admin,
    '',
  ].join('\n');
}

function row(key: string, fallback: string, help: string, secret: boolean): string {
  const flag = secret ? 'none' : `\`--${flagOf(key)}\``;
  const variable = secret ? `\`${variableOf(key)}\`, \`…_FILE\`` : `\`${variableOf(key)}\``;
  const shown = fallback === '' ? '' : `\`${fallback}\``;
  return `| ${key === 'data' ? '' : `\`${key}\``} | ${flag} | ${variable} | ${shown} | ${help} |`;
}

if (import.meta.main) {
  const path = join(import.meta.dir, '..', 'README.md');
  await Bun.write(path, withSettingsTable(await Bun.file(path).text()));
}
