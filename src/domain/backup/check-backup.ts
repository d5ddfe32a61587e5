import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '#base/db/open.ts';
import { backupPath } from './backup-path.ts';
import { chooseSnapshot } from './choose-snapshot.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { fingerprintOf } from './keys.ts';
import type { BackupPlace } from './place.ts';
import { settlePast } from './restore-past.ts';
import { ownFingerprint, plainFingerprint } from './restore-trust.ts';
import { verifyBackup } from './verify.ts';

/** What a restore would find, without changing anything. */
export type CheckReport = {
  backup: string;
  path: string;
  origin: string;
  createdAt: string;
  fingerprint: string;
  /** Whose key that is, as far as can be said here. */
  signer: 'this data directory' | 'the one you named' | 'unknown here' | 'another one';
  version: string;
  schema: number;
  rows: number;
  files: number;
  bytes: number;
  problems: string[];
  passedOver: string[];
};

export type CheckInput = { name: string | null; data: string; fingerprint: string | null };

/**
 * `restore --dry-run`: every hash of the backup, and its rows in a database of ours, in a scratch folder
 * that is made and removed. Throws what makes a restore impossible; damaged photos are problems.
 */
export async function checkBackup(
  place: BackupPlace,
  { name, data, fingerprint: named }: CheckInput,
  scratch: string,
  progress: (text: string) => void,
): Promise<CheckReport> {
  try {
    const { manifest, passedOver } = await chooseSnapshot(place, name);
    const fingerprint = fingerprintOf(manifest.publicKey);
    progress(`Reading the database of ${manifest.name} …`);
    const stage = join(scratch, 'data');
    const { schema, rows } = await fetchSnapshot(place, manifest, stage);
    const db = openDatabase(join(stage, 'tintype.db'));
    const takenAt = Date.parse(manifest.createdAt);
    settlePast(db, { name: manifest.name, takenAt, now: Date.now(), endLogins: false });
    db.close();
    rmSync(stage, { recursive: true });
    progress(`Comparing ${manifest.media.files} photos …`);
    const verified = await verifyBackup(place, manifest.name, {
      stage: scratch,
      trustedKey: manifest.publicKey,
      share: null,
    });
    return {
      backup: manifest.name,
      path: backupPath(place.label, manifest.name),
      origin: manifest.origin,
      createdAt: manifest.createdAt,
      fingerprint,
      signer: signerOf(fingerprint, named, ownFingerprint(data)),
      version: manifest.version,
      schema,
      rows: Object.values(rows).reduce((all, count) => all + count, 0),
      files: verified.files,
      bytes: verified.bytes,
      problems: verified.problems,
      passedOver,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function signerOf(found: string, named: string | null, own: string | null): CheckReport['signer'] {
  if (named !== null) {
    return plainFingerprint(named) === plainFingerprint(found)
      ? 'the one you named'
      : 'another one';
  }
  if (own === null) return 'unknown here';
  return own === found ? 'this data directory' : 'another one';
}
