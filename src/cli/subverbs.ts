import type { ParseArgsOptionsConfig } from 'node:util';
import type { Config } from '#base/config/config.ts';
import { didYouMean } from '#base/config/did-you-mean.ts';
import { type Admin, createAdmin } from './admin.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';
import { UsageError } from './usage-error.ts';

/** What a subverb is called with. */
export type Call = {
  admin: Admin;
  config: Config;
  /** What stands behind the subverb; as many as its `names` are there. */
  names: string[];
  values: Record<string, string | boolean | undefined>;
};

/** What a subverb answers: `value` for `--json`, `text` for people (nothing is printed for ''). */
export type Answer = { value: unknown; text: string };

export type Subverb = {
  /** One line for `tintype help VERB`. */
  help: string;
  /** What follows it: `NAME --email E`; the words in capitals before the first option are its names. */
  usage: string;
  options?: ParseArgsOptionsConfig;
  /** How many names may stand there, if that is more than there must be. */
  most?: number;
  /** True when it may make the data directory: for those who begin at the command line. */
  starts?(values: Call['values']): boolean;
  run(call: Call): Promise<Answer>;
};

/** Runs the subverb that `argv` names, with `--data` and `--json` as all have them. */
export async function runSubverb(
  verb: string,
  subverbs: Readonly<Record<string, Subverb>>,
  argv: string[],
): Promise<number> {
  const [name = '', ...rest] = argv;
  const subverb = Object.hasOwn(subverbs, name) ? subverbs[name] : undefined;
  if (subverb === undefined) throw unknown(name, Object.keys(subverbs));
  const wanted = subverb.usage.split(' ').findIndex((word) => !/^[A-Z]+$/.test(word));
  const names = subverb.usage === '' ? 0 : wanted < 0 ? subverb.usage.split(' ').length : wanted;
  const options = { ...subverb.options, json: { type: 'boolean' as const } };
  try {
    const read = readArguments(rest, { options, least: names, most: subverb.most ?? names });
    const config = readConfig(read.flags);
    const admin = createAdmin(config, subverb.starts?.(read.values) ?? false);
    const { names: said, values } = read;
    const { value, text } = await subverb.run({ admin, config, names: said, values });
    if (read.values.json === true) console.log(JSON.stringify(value, null, 2));
    else if (text !== '') console.log(text);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} (tintype ${verb} ${name} ${subverb.usage})`);
  }
}

/** The lines of help about the subverbs of a verb. */
export function describeSubverbs(
  verb: string,
  subverbs: Readonly<Record<string, Subverb>>,
): string {
  const rows = Object.entries(subverbs).map(([name, { usage, help }]) => [
    `  ${`tintype ${verb} ${name} ${usage}`.trimEnd()}`,
    `      ${help}`,
  ]);
  return [
    ...rows.flat(),
    '',
    'All of them take --data DIR (whose Tintype it is) and --json (an answer for scripts).',
  ].join('\n');
}

function unknown(name: string, known: string[]): UsageError {
  const list = `it is one of: ${known.join(', ')}`;
  if (name === '' || name.startsWith('-')) return new UsageError(`Say what to do; ${list}`);
  return new UsageError(
    `There is no "${name}";${didYouMean(name, known)} ${list}`.replace('? it', '? It'),
  );
}
