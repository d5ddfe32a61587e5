import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import { UsageError } from './usage-error.ts';
import { type Verb, verbs } from './verbs.ts';

/**
 * Runs the verb that `argv` names (without the program's own name) and gives the exit code. The one
 * place where errors become a sentence on stderr: a verb throws `AppError`, or `UsageError`, or lets
 * `parseArgs` of node:util throw.
 */
export async function runVerb(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) return overview(console.error, 2);
  if (name === 'help' || name === '--help' || name === '-h') return help(rest[0]);
  const verb = find(name === '--version' || name === '-v' ? 'version' : name);
  if (verb === undefined) return unknown(name);
  if (rest.some((argument) => argument === '--help' || argument === '-h')) return help(name);
  try {
    const { run } = await verb.load();
    return await run(rest);
  } catch (error) {
    return explain(name, verb, error);
  }
}

function find(name: string): Verb | undefined {
  return Object.hasOwn(verbs, name) ? verbs[name] : undefined;
}

async function help(name: string | undefined): Promise<number> {
  if (name === undefined) return overview(console.log, 0);
  const verb = find(name);
  if (verb === undefined) return unknown(name);
  const details = (await verb.load()).details?.();
  const lead = `${usageLine(name, verb)}\n\n${sentence(verb.help ?? 'started by the server itself')}`;
  console.log(details === undefined ? lead : `${lead}\n\n${details}`);
  return 0;
}

function overview(print: (text: string) => void, code: number): number {
  const rows = Object.entries(verbs).flatMap(([name, verb]) =>
    verb.help === null ? [] : [`  ${name.padEnd(12)} ${verb.help}`],
  );
  print(
    [
      'Tintype shares photos from one executable.',
      '',
      'Usage: tintype VERB [OPTIONS]     tintype help VERB',
      '',
      ...rows,
    ].join('\n'),
  );
  return code;
}

function unknown(name: string): number {
  console.error(`There is no verb "${name}". "tintype help" lists them.`);
  return 2;
}

function explain(name: string, verb: Verb, thrown: unknown): number {
  const error = asDiskTrouble(thrown) ?? thrown;
  if (error instanceof AppError) {
    const fields = Object.entries(error.fields)
      .filter(([, text]) => text !== error.message)
      .map(([field, text]) => `  ${field}: ${text}`);
    console.error([error.message, ...fields].join('\n'));
    return 1;
  }
  if (error instanceof UsageError || isParseArgsError(error)) {
    console.error(`${sentence(error.message)}\n${usageLine(name, verb)}`);
    return 2;
  }
  // Nobody foresaw this one, so the trace helps more than it frightens.
  console.error('Something went wrong that Tintype did not expect:', error);
  return 1;
}

function isParseArgsError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('ERR_PARSE_ARGS')
  );
}

function usageLine(name: string, verb: Verb): string {
  return `Usage: tintype ${name} ${verb.usage}`.trimEnd();
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
