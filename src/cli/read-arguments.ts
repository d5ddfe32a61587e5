import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { didYouMean } from '#base/config/did-you-mean.ts';
import { flagOf } from '#base/config/key-names.ts';
import { configTable } from '#base/config/table.ts';
import { adminSettings } from '#domain/settings.ts';
import { UsageError } from './usage-error.ts';

/** What a command line says: settings apart from the verb's own options. */
export type Arguments = {
  /** Flags of settings without dashes, as `loadConfig` takes them. */
  flags: Record<string, string>;
  values: Record<string, string | boolean | undefined>;
  names: string[];
};

const settingFlags: ParseArgsOptionsConfig = Object.fromEntries(
  [...Object.keys(configTable), ...Object.keys(adminSettings)]
    .filter((key) => key !== 'owner.password')
    .map((key) => [flagOf(key), { type: 'string' as const }]),
);

/**
 * Reads a command line. Every verb takes `--data`, those with `settings: 'all'` every setting.
 * Throws `UsageError` for an unknown option (with the nearest one), a missing value, or more or
 * fewer names than `least` to `most`.
 */
export function readArguments(
  argv: string[],
  spec: {
    options?: ParseArgsOptionsConfig;
    settings?: 'data' | 'all';
    least?: number;
    most?: number;
  },
): Arguments {
  const settings = spec.settings === 'all' ? settingFlags : { data: { type: 'string' as const } };
  const options: ParseArgsOptionsConfig = { ...settings, ...spec.options };
  refuseUnknown(argv, options);
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const { least = 0, most = least } = spec;
  if (positionals.length < least) throw new UsageError('Something is missing');
  const extra = positionals[most];
  if (extra !== undefined) throw new UsageError(`"${extra}" is too much`);
  const read: Arguments = { flags: {}, values: {}, names: positionals };
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value)) continue;
    if (name in settings && typeof value === 'string') read.flags[name] = value;
    else read.values[name] = value;
  }
  return read;
}

function refuseUnknown(argv: string[], options: ParseArgsOptionsConfig): void {
  const { tokens } = parseArgs({ args: argv, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const known = Object.keys(options).map((name) => `--${name}`);
    const near = didYouMean(token.rawName, known);
    throw new UsageError(`There is no option ${token.rawName}.${near}`);
  }
}
