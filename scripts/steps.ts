import { join } from 'node:path';
import { capture, root } from './process.ts';

/** What a step of the checks came to; the output is shown when something failed. */
export type Result = {
  name: string;
  passed: number;
  failed: number;
  seconds: number;
  output: string;
};

/** A step that is one check: it passes or it does not. */
export async function check(name: string, command: string[]): Promise<Result> {
  const { code, output, seconds } = await capture(command, { env: quiet() });
  return tell({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, seconds, output });
}

/** Types, lint and format, dead code. */
export function staticChecks(): Promise<Result>[] {
  const tool = (path: string, ...args: string[]): string[] => [
    process.execPath,
    '--bun',
    join(root, 'node_modules', path),
    ...args,
  ];
  return [
    check('types', tool('typescript/bin/tsc', '--noEmit', '-p', root)),
    check('lint and format', tool('@biomejs/biome/bin/biome', 'check', '.')),
    check('dead code', tool('knip/bin/knip.js')),
  ];
}

/** Test files in the order of their paths: those below one of `within` and below none of `without`. */
export async function testFiles(within: string[], without: string[] = []): Promise<string[]> {
  const files = await Array.fromAsync(
    new Bun.Glob('{src,test,web,scripts}/**/*.test.{ts,tsx}').scan({ cwd: root }),
  );
  const below = (file: string, folders: string[]): boolean =>
    folders.some((folder) => file.startsWith(`${folder}/`));
  return files.filter((file) => below(file, within) && !below(file, without)).sort();
}

/** Runs test files in `workers` processes and reads the counts from Bun's summary. */
export async function bunTest(
  name: string,
  files: string[],
  workers: number,
  env: Record<string, string> = {},
): Promise<Result> {
  if (files.length === 0) return tell(empty(name, 'There are no tests here yet.'));
  const { code, output, seconds } = await capture(
    [
      process.execPath,
      'test',
      '--timeout=60000',
      '--only-failures',
      ...(workers > 1 ? [`--parallel=${workers}`] : ['--isolate']),
      ...files.map((file) => `./${file}`),
    ],
    { env: { ...quiet(), ...env } },
  );
  const passed = count(output, 'pass');
  // A skipped test is a claim nobody checked, and an error outside a test fails no test.
  const failed = count(output, 'fail') + count(output, 'skip') + count(output, 'todo');
  const unseen = code !== 0 && failed === 0 ? 1 : 0;
  return tell({ name, passed, failed: failed + unseen, seconds, output });
}

/** Prints the output of what failed and the line with the counts; gives the exit code. */
export function conclude(results: Result[]): number {
  const bad = results.filter(({ failed }) => failed > 0);
  for (const { name, output } of bad) console.log(`\n── ${name} ──\n${output.trim()}\n`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Prints one line about a finished step and gives it back. */
export function tell(result: Result): Result {
  const { name, passed, failed, seconds } = result;
  const mark = failed === 0 ? '✓' : '✗';
  const counts = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed`;
  console.log(`${mark} ${name.padEnd(18)} ${counts.padEnd(24)} ${seconds.toFixed(1)} s`);
  return result;
}

/** A group without tests is a failure: nothing is skipped silently. */
export function empty(name: string, output: string): Result {
  return { name, passed: 0, failed: 1, seconds: 0, output };
}

function count(output: string, word: 'pass' | 'fail' | 'skip' | 'todo'): number {
  const matches = [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}$`, 'gm'))];
  return Number(matches.at(-1)?.[1] ?? 0);
}

function quiet(): Record<string, string | undefined> {
  return { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
}
