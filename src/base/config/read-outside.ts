import { readFileSync } from 'node:fs';
import { didYouMean } from './did-you-mean.ts';
import type { Environment } from './environment.ts';
import { flagOf, variableOf } from './key-names.ts';
import type { Reading } from './said.ts';
import { type ConfigEntry, configTable } from './table.ts';

/** What the flags say; a secret has none, because others see the command line. */
export function readFlags(
  flags: Readonly<Record<string, string>>,
  keys: readonly string[],
): Reading {
  const byFlag = new Map(keys.filter((key) => !isSecret(key)).map((key) => [flagOf(key), key]));
  const reading: Reading = { said: [], mistakes: {} };
  for (const [flag, text] of Object.entries(flags)) {
    const key = byFlag.get(flag);
    const where = `--${flag}`;
    if (key !== undefined) reading.said.push({ key, text, where });
    else reading.mistakes[where] = `There is no such option.${didYouMean(where, known(byFlag))}`;
  }
  return reading;
}

/** What the `TINTYPE_*` variables say; a secret may lie in a file that `TINTYPE_…_FILE` names. */
export function readVariables(env: Environment, keys: readonly string[]): Reading {
  const byName = new Map(keys.map((key) => [variableOf(key), key]));
  for (const key of keys.filter(isSecret)) byName.set(`${variableOf(key)}_FILE`, key);
  const reading: Reading = { said: [], mistakes: {} };
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('TINTYPE_') || text === undefined) continue;
    const key = byName.get(name);
    if (key === undefined) {
      const near = didYouMean(name, [...byName.keys()]);
      reading.mistakes[name] = `There is no such setting.${near}`;
    } else if (name === variableOf(key)) {
      reading.said.push({ key, text, where: name });
    } else {
      readSecret(reading, key, name, text);
    }
  }
  return reading;
}

/** Takes a secret from the file that a variable or an entry ending in `_file` names, without its last line end. */
export function readSecret(reading: Reading, key: string, where: string, path: string): void {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    reading.said.push({ key, text, where });
  } catch {
    reading.mistakes[where] = `The file "${path}" cannot be read.`;
  }
}

/** True for a key whose value nobody may see. */
export function isSecret(key: string): boolean {
  const table: Readonly<Record<string, ConfigEntry<unknown>>> = configTable;
  return table[key]?.secret === true;
}

function known(byFlag: ReadonlyMap<string, string>): string[] {
  return [...byFlag.keys()].map((flag) => `--${flag}`);
}
