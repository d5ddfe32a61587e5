import type { Database } from 'bun:sqlite';
import { saveSetting } from '#base/db/settings-queries.ts';
import { transaction } from '#base/db/transaction.ts';
import {
  closeOpenRuns,
  countLogins,
  dropPushes,
  endAllLogins,
  forgetFiles,
  holdOverdue,
  postponePurges,
  spreadDeliveries,
} from './restore-past-queries.ts';

/** What was done to the work that the backup had before it. */
export type PastReport = {
  /** Scheduled posts whose time is over and that wait for their authors. */
  heldPosts: number;
  /** Messages to phones that were forgotten. */
  droppedPushes: number;
  /** Accounts whose deletion was put off. */
  postponedPurges: number;
  /** Deliveries that go out, slowly, some time after the start. */
  deliveries: number;
  /** Browsers and apps that are signed in as they were then. */
  logins: number;
};

const MINUTE = 60_000;
/** Whoever restored looks around first. */
const DELIVERIES_AFTER = 10 * MINUTE;
const DELIVERIES_SPAN = 60 * MINUTE;
/** Somebody may have called a deletion off after the backup was made. */
const PURGES_AFTER = 7 * 24 * 60 * MINUTE;

export const RESTORED_SETTING = 'backup.restored';

/**
 * Readies a restored database for its second life, before any server sees it. What waited for other
 * servers still goes out, with the ids it always had, so that a second copy is harmless; but slowly.
 * What would surprise people (posts of a past time, old messages on phones, the end of an account) does
 * not happen by itself. Logins stay as they were unless `endLogins`. Times in milliseconds since 1970.
 */
export function settlePast(
  db: Database,
  options: { name: string; takenAt: number; now: number; endLogins: boolean },
): PastReport {
  const { name, takenAt, now } = options;
  const day = new Date(takenAt).toISOString().slice(0, 10);
  return transaction(db, () => {
    closeOpenRuns(db, takenAt);
    forgetFiles(
      db,
      now,
      `Tintype was restored from a backup of ${day}, without the file: please bring it again. What was imported by then is recognised.`,
    );
    if (options.endLogins) endAllLogins(db);
    const report = {
      heldPosts: holdOverdue(
        db,
        now,
        `Its time passed while Tintype was restored from a backup of ${day}. Look whether it was published elsewhere already, then choose a new time.`,
      ),
      droppedPushes: dropPushes(db),
      postponedPurges: postponePurges(db, now + PURGES_AFTER),
      deliveries: spreadDeliveries(db, now + DELIVERIES_AFTER, DELIVERIES_SPAN),
      logins: countLogins(db),
    };
    saveSetting(db, RESTORED_SETTING, JSON.stringify({ name, takenAt, at: now }), now);
    return report;
  });
}
