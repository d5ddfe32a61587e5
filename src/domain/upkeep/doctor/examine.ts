import { checkAddress } from './check-address.ts';
import { checkBackups } from './check-backups.ts';
import { checkDirectory } from './check-directory.ts';
import { checkMachine } from './check-machine.ts';
import { checkMedia } from './check-media.ts';
import { checkQueues } from './check-queues.ts';
import { checkSettings } from './check-settings.ts';
import { checkTables } from './check-tables.ts';
import { checkVersion } from './check-version.ts';
import { type Finding, fail } from './finding.ts';
import type { Patient } from './patient.ts';

type Check = (patient: Patient) => Promise<Finding[]> | Finding[];

/** Everything that is looked at, in the order in which it is told. */
const checks: readonly [name: string, check: Check][] = [
  ['settings', checkSettings],
  ['data', checkDirectory],
  ['machine', checkMachine],
  ['database', checkTables],
  ['media', checkMedia],
  ['jobs', checkQueues],
  ['backup', checkBackups],
  ['address', checkAddress],
  ['version', checkVersion],
];

/** Looks at everything and changes nothing; `tell` hears each finding as it is made. */
export async function examine(
  patient: Patient,
  tell: (finding: Finding) => void = () => {},
): Promise<Finding[]> {
  const all: Finding[] = [];
  for (const [name, check] of checks) {
    for (const finding of await attempt(name, check, patient)) {
      all.push(finding);
      tell(finding);
    }
  }
  return all;
}

/** What is so broken that it cannot be looked at must not hide the rest. */
async function attempt(name: string, check: Check, patient: Patient): Promise<Finding[]> {
  try {
    return await check(patient);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice = 'The findings above may say why; else look at the log.';
    return [fail(`${name}.look`, `The ${name} could not be looked at: ${why}`, advice)];
  }
}
