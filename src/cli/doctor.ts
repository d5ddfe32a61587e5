import type { Database } from 'bun:sqlite';
import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#base/config/config.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { AppError } from '#base/core/errors.ts';
import { openForReading } from '#base/db/open-for-reading.ts';
import { createFetch } from '#base/platform/fetch/create-fetch.ts';
import { examine } from '#domain/upkeep/doctor/examine.ts';
import { type Finding, fail } from '#domain/upkeep/doctor/finding.ts';
import type { Letters, Patient, ServerFacts } from '#domain/upkeep/doctor/patient.ts';
import { readQueues } from '#doors/federation/read-queues.ts';
import { askServer } from './admin.ts';
import { type Fixed, mend } from './mend.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';

/**
 * `tintype doctor [--fix] [--deep] [--json]`: looks at the data directory, the machine and the address
 * and says what is wrong and what to do, whether a server runs or not. Exit code 1 when something
 * fails. The findings of `--json` keep their names from version to version.
 */
export async function run(argv: string[]): Promise<number> {
  const { flags, values } = readArguments(argv, {
    options: { json: { type: 'boolean' }, fix: { type: 'boolean' }, deep: { type: 'boolean' } },
    settings: 'all',
  });
  const json = values.json === true;
  const print = json ? () => {} : (text: string) => console.log(text);
  const { config, problem } = readSettings(flags);
  if (config === null) {
    const advice = 'Mend them; tintype config check says when they are right.';
    const finding = fail('settings', `The settings are wrong: ${problem}`, advice);
    print(describe(finding));
    return conclude([finding], [], null, json);
  }
  const server = await lookAtServer(config);
  const { db, problem: dbProblem } = openData(config);
  try {
    const patient = gather(config, { db, dbProblem, server, deep: values.deep === true });
    const found = await examine(patient, (finding) => print(describe(finding)));
    const fixed = values.fix === true ? await mend(config, found) : [];
    for (const { text } of fixed) print(`fixed ${text}`);
    return conclude(found, fixed, server, json);
  } finally {
    db?.close();
  }
}

/** What the doctor does with which option. */
export function details(): string {
  return [
    '  --fix    does what is safe: rights of files, leftovers, meters, work that was given up, statistics',
    '  --deep   reads every byte of every photo and compares it with what was uploaded',
    '  --json   for scripts: format, server, summary, findings and fixed',
  ].join('\n');
}

function readSettings(flags: Record<string, string>): { config: Config | null; problem: string } {
  try {
    return { config: readConfig(flags), problem: '' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { config: null, problem: [error.message, ...Object.values(error.fields)].join(' ') };
  }
}

async function lookAtServer(config: Config): Promise<ServerFacts | null> {
  try {
    const answer = await askServer(config.data, 'doctor.look', {});
    return answer?.result === undefined ? null : (answer.result as ServerFacts);
  } catch {
    return null;
  }
}

function openData(config: Config): { db: Database | null; problem: string | null } {
  const path = join(config.data, 'tintype.db');
  if (!existsSync(path)) return { db: null, problem: 'it is not there.' };
  try {
    return { db: openForReading(path), problem: null };
  } catch (error) {
    return { db: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

function gather(
  config: Config,
  given: Pick<Patient, 'db' | 'dbProblem' | 'server' | 'deep'>,
): Patient {
  return {
    ...given,
    config,
    letters: given.db === null ? null : readLetters(given.db),
    fetch: createFetch({
      allowAddresses: config.allowAddresses,
      userAgent: `Tintype/${buildInfo.version} (doctor)`,
      now: Date.now,
    }),
    resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    now: Date.now,
    readText,
  };
}

function readLetters(db: Database): Letters | null {
  try {
    return readQueues({ db });
  } catch {
    // An older schema has no such tables; a damaged one is told by the database's own findings.
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function describe({ level, text, advice }: Finding): string {
  const line = `${level.padEnd(5)} ${text}`;
  return advice === null ? line : `${line}\n      ${advice}`;
}

function conclude(
  findings: Finding[],
  fixed: Fixed[],
  server: ServerFacts | null,
  json: boolean,
): number {
  const count = (level: Finding['level']) => findings.filter((each) => each.level === level).length;
  const summary = { ok: count('ok'), warn: count('warn'), fail: count('fail') };
  if (json) {
    const { version } = buildInfo;
    const state = server === null ? 'stopped' : 'running';
    const list = findings.map(({ id, level, text, advice }) => ({ id, level, text, advice }));
    const answer = { format: 1, version, server: state, summary, findings: list, fixed };
    console.log(JSON.stringify(answer, null, 2));
  } else {
    const more = findings.some((each) => each.fix !== null) && fixed.length === 0;
    const hint = more ? ' Some of it mends itself with --fix.' : '';
    console.log(`\n${summary.ok} fine, ${summary.warn} to look at, ${summary.fail} wrong.${hint}`);
  }
  return summary.fail > 0 ? 1 : 0;
}
