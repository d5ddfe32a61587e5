import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from './did-you-mean.ts';
import { isSecret, readSecret } from './read-outside.ts';
import type { Reading } from './said.ts';
import { type ConfigEntry, configTable } from './table.ts';

/** What `tintype.toml` of the data directory says; nothing if there is no such file. */
export function readToml(data: string, keys: readonly string[]): Reading {
  const reading: Reading = { said: [], mistakes: {} };
  const text = readIfThere(join(data, 'tintype.toml'), reading);
  if (text === null) return reading;
  let parsed: object;
  try {
    parsed = Bun.TOML.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    reading.mistakes['tintype.toml'] = `The file is not valid TOML: ${why}.`;
    return reading;
  }
  const table: Readonly<Record<string, ConfigEntry<unknown>>> = configTable;
  const allowed = keys.filter((key) => table[key]?.outsideFile !== true);
  for (const [key, value] of flatten(parsed, '')) readEntry(reading, allowed, key, value);
  return reading;
}

function readEntry(reading: Reading, allowed: readonly string[], key: string, value: unknown) {
  const where = `tintype.toml: ${key}`;
  const secretOf = key.endsWith('_file') ? key.slice(0, -'_file'.length) : null;
  const text = textOf(value);
  if (allowed.includes(key)) {
    if (text === null) reading.mistakes[where] = 'A text, a number, true, false or a list is due.';
    else reading.said.push({ key, text, where });
  } else if (secretOf !== null && isSecret(secretOf) && text !== null) {
    readSecret(reading, secretOf, where, text);
  } else {
    reading.mistakes[where] =
      key === 'data'
        ? 'The file lies in the data directory, so it cannot name another.'
        : `There is no such setting.${didYouMean(key, allowed)}`;
  }
}

function readIfThere(path: string, reading: Reading): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      reading.mistakes['tintype.toml'] = `The file "${path}" cannot be read.`;
    }
    return null;
  }
}

// `[upload] max_size = 1` and `"upload.max_size" = 1` are the same.
function* flatten(value: object, prefix: string): Generator<[string, unknown]> {
  for (const [name, inner] of Object.entries(value)) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      yield* flatten(inner, key);
    } else {
      yield [key, inner];
    }
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) {
    return value.join(',');
  }
  return null;
}
