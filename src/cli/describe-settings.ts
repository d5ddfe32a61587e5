import { flagOf, variableOf } from '#base/config/key-names.ts';
import { type ConfigEntry, configTable } from '#base/config/table.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { adminSettings } from '#domain/settings.ts';

/** Every setting as lines of help: its flag (or its variable, for a secret), what it does, what holds without it. */
export function describeSettings(): string {
  const table: Readonly<Record<string, ConfigEntry<unknown>>> = configTable;
  const start = Object.entries(table).map(([key, { fallback, help, secret }]) =>
    lines(secret === true ? variableOf(key) : `--${flagOf(key)}`, help, fallback ?? ''),
  );
  const admin = Object.entries(adminSettings).map(([key, setting]) => {
    const { label, help, kind, fallback, choices } = setting;
    const shown = kind === 'bytes' && fallback !== 0 ? formatBytes(Number(fallback)) : fallback;
    const values = choices.length === 0 ? '' : ` ${choices.map(({ value }) => value).join('|')}`;
    return lines(`--${flagOf(key)}${values}`, `${label}: ${help}`, String(shown));
  });
  return [
    ...start,
    '',
    'What the admin pages set too; given here it holds, and the page shows it as fixed:',
    '',
    ...admin,
    '',
    'Each can also stand in a variable (--log-level is TINTYPE_LOG_LEVEL) or in tintype.toml.',
  ].join('\n');
}

function lines(name: string, help: string, fallback: string): string {
  const without = fallback === '' ? '' : ` [${fallback}]`;
  return `  ${name}\n      ${help.replaceAll('`', '')}${without}`;
}
