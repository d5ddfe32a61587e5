import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#base/core/errors.ts';
import { fingerprintOf, readBackupKey } from './keys.ts';
import type { Manifest } from './manifest.ts';

/** What a person compares before a backup of unknown origin is believed. */
export type TrustQuestion = {
  fingerprint: string;
  name: string;
  origin: string;
  label: string;
};

/** How a person answers; null where nobody can be asked. */
export type AskTrust = ((question: TrustQuestion) => Promise<boolean>) | null;

/**
 * Makes sure that a backup comes from whom it should: its key is the one of the data directory, or the
 * fingerprint that was given, or somebody says yes to it. Throws `forbidden` with what to type.
 */
export async function requireTrust(
  manifest: Manifest,
  how: { data: string; fingerprint: string | null; label: string; ask: AskTrust; typed: string },
): Promise<string> {
  const found = fingerprintOf(manifest.publicKey);
  if (how.fingerprint !== null) {
    if (plainFingerprint(how.fingerprint) === plainFingerprint(found)) return found;
    throw new AppError(
      'forbidden',
      `The backup ${manifest.name} was signed with the key ${found}, and not with the one you named. Nothing was changed: somebody may have put another backup in its place.`,
    );
  }
  const own = ownFingerprint(how.data);
  if (own === found) return found;
  const { name, origin } = manifest;
  const question = { fingerprint: found, name, origin, label: how.label };
  if (own === null && how.ask !== null && (await how.ask(question))) return found;
  const whose =
    own === null
      ? 'and this data directory knows no key to compare it with'
      : `and this data directory has another one, ${own}`;
  throw new AppError(
    'forbidden',
    `The backup ${name} of ${origin} is signed with the key ${found}, ${whose}. Nothing was changed. If that is the fingerprint you noted when backups were set up, type:\n\n  ${how.typed} --fingerprint "${found}"`,
  );
}

/** The fingerprint of the key of a data directory, or null where there is none. */
export function ownFingerprint(data: string): string | null {
  if (!existsSync(join(data, 'backup.key'))) return null;
  try {
    return fingerprintOf(readBackupKey({ root: data }).publicKey);
  } catch {
    return null;
  }
}

/** A fingerprint without what people put between its signs. */
export function plainFingerprint(fingerprint: string): string {
  return fingerprint.toLowerCase().replace(/[^0-9a-f]/g, '');
}
