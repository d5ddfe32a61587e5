import { countJobs } from '#base/jobs/queries.ts';
import { findOldestJob } from '#domain/upkeep/vital-queries.ts';
import { type Finding, fail, fine, warn } from './finding.ts';
import type { Letters, Patient } from './patient.ts';

const LATE = 10 * 60_000;
const VERY_LATE = 3_600_000;

/** Work in the background, what came from other servers and what is on its way to them. */
export function checkQueues(patient: Patient): Finding[] {
  const { db, letters, server } = patient;
  if (db === null) return [];
  const found: Finding[] = [];
  const dead = countJobs(db)
    .filter((row) => row.state === 'dead')
    .reduce((sum, row) => sum + row.count, 0);
  const given = dead + (letters?.inbox.dead ?? 0);
  if (given > 0) {
    const text = `${given} pieces of work in the background were given up.`;
    const advice =
      'tintype jobs list --state dead says why; tintype doctor --fix tries them again.';
    found.push(warn('jobs.dead', text, advice, 'jobs'));
  }
  // What waits while nothing runs is late by nobody's fault.
  if (server !== null) {
    found.push(...late(patient, 'jobs.late', 'Work in the background', findOldestJob(db)));
    found.push(
      ...late(patient, 'inbox.late', 'What came from others', letters?.inbox.oldestAt ?? null),
    );
  }
  if (letters !== null) found.push(...checkLetters(patient, letters));
  return found.length > 0 ? found : [fine('jobs', 'No work is late and none was given up.')];
}

function late({ now }: Patient, id: string, what: string, since: number | null): Finding[] {
  const waited = since === null ? 0 : now() - since;
  if (waited < LATE) return [];
  const text = `${what} waits for ${Math.round(waited / 60_000)} minutes.`;
  const advice = 'Look at the log for errors, then start the server again.';
  return [waited < VERY_LATE ? warn(id, text, advice) : fail(id, text, advice)];
}

function checkLetters({ now, server }: Patient, letters: Letters): Finding[] {
  const found: Finding[] = [];
  const failing = letters.worst.filter((host) => host.failingSince !== null);
  const [worst] = failing;
  if (worst !== undefined) {
    const days = Math.round((now() - (worst.failingSince ?? 0)) / 86_400_000);
    const text = `${failing.length} servers cannot be reached, ${worst.host} for ${days} days.`;
    // One that is down is its own business; many at once may be ours.
    if (failing.length >= 5) {
      const advice =
        'Look whether this machine reaches the internet, then: tintype jobs deliveries';
      found.push(warn('deliveries.hosts', text, advice));
    } else found.push(fine('deliveries.hosts', text));
  }
  const stuck = letters.worst.some((host) => host.failingSince === null && host.waiting > 0);
  const waited = letters.oldestDeliveryAt === null ? 0 : now() - letters.oldestDeliveryAt;
  if (server !== null && stuck && waited > LATE) {
    const text = `${letters.deliveries.waiting} deliveries wait, the oldest for ${Math.round(waited / 60_000)} minutes.`;
    found.push(warn('deliveries.late', text, 'Look at the log, then start the server again.'));
  }
  return found;
}
