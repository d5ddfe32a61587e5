import type { Database } from 'bun:sqlite';
import {
  findManyPreferences,
  type PreferencesRow,
  upsertPreferences,
} from './preference-queries.ts';

/** How a person wants to post and be seen. */
export type Preferences = {
  defaultVisibility: 'public' | 'unlisted' | 'followers' | 'self';
  defaultLicence: string;
  keepOriginals: boolean;
  offerOriginals: boolean;
  showCamera: boolean;
  showLens: boolean;
  showFocalLength: boolean;
  showAperture: boolean;
  showExposure: boolean;
  showIso: boolean;
  showTakenAt: boolean;
  remindAltText: boolean;
  /** Refuses to publish photos without a description, instead of a reminder. */
  requireAltText: boolean;
  profileShape: 'square' | 'natural';
  theme: 'auto' | 'light' | 'dark';
  showFeed: boolean;
  /** What this person wants to see of others' reactions. */
  seeLikes: boolean;
  seeBoosts: boolean;
  seeComments: boolean;
  seeCounts: boolean;
  /** What others may do with this person's posts. */
  allowLikes: boolean;
  allowBoosts: boolean;
  allowComments: boolean;
  /** What apps tick for a new post unless the person says otherwise. */
  defaultSensitive: boolean;
  /** A code like `en`; null: not said. */
  defaultLanguage: string | null;
};

/** What holds for an account that never chose; the same as the defaults of the table. */
export const defaultPreferences: Preferences = {
  defaultVisibility: 'public',
  defaultLicence: 'all-rights-reserved',
  keepOriginals: true,
  offerOriginals: false,
  showCamera: false,
  showLens: false,
  showFocalLength: false,
  showAperture: false,
  showExposure: false,
  showIso: false,
  showTakenAt: false,
  remindAltText: true,
  requireAltText: false,
  profileShape: 'square',
  theme: 'auto',
  showFeed: true,
  seeLikes: true,
  seeBoosts: true,
  seeComments: true,
  seeCounts: true,
  allowLikes: true,
  allowBoosts: true,
  allowComments: true,
  defaultSensitive: false,
  defaultLanguage: null,
};

/** The preferences of one account. */
export function readPreferences(db: Database, accountId: number): Preferences {
  return readManyPreferences(db, [accountId]).get(accountId) ?? defaultPreferences;
}

/** The preferences of many accounts at once; accounts that never chose get the defaults. */
export function readManyPreferences(
  db: Database,
  accountIds: readonly number[],
): Map<number, Preferences> {
  const stored = new Map(findManyPreferences(db, accountIds).map((row) => [row.accountId, row]));
  return new Map(
    accountIds.map((id) => {
      const row = stored.get(id);
      return [id, row ? fromRow(row) : defaultPreferences];
    }),
  );
}

/** Changes some preferences of an account. */
export function savePreferences(
  db: Database,
  accountId: number,
  changes: Partial<Preferences>,
): void {
  const wanted = { ...readPreferences(db, accountId), ...changes };
  upsertPreferences(db, {
    accountId,
    defaultVisibility: wanted.defaultVisibility,
    defaultLicence: wanted.defaultLicence,
    profileShape: wanted.profileShape,
    theme: wanted.theme,
    keepOriginals: Number(wanted.keepOriginals),
    offerOriginals: Number(wanted.offerOriginals),
    showCamera: Number(wanted.showCamera),
    showLens: Number(wanted.showLens),
    showFocalLength: Number(wanted.showFocalLength),
    showAperture: Number(wanted.showAperture),
    showExposure: Number(wanted.showExposure),
    showIso: Number(wanted.showIso),
    showTakenAt: Number(wanted.showTakenAt),
    remindAltText: Number(wanted.remindAltText),
    requireAltText: Number(wanted.requireAltText),
    showFeed: Number(wanted.showFeed),
    seeLikes: Number(wanted.seeLikes),
    seeBoosts: Number(wanted.seeBoosts),
    seeComments: Number(wanted.seeComments),
    seeCounts: Number(wanted.seeCounts),
    allowLikes: Number(wanted.allowLikes),
    allowBoosts: Number(wanted.allowBoosts),
    allowComments: Number(wanted.allowComments),
    defaultSensitive: Number(wanted.defaultSensitive),
    defaultLanguage: wanted.defaultLanguage,
  });
}

function fromRow(row: PreferencesRow): Preferences {
  return {
    defaultVisibility: row.defaultVisibility,
    defaultLicence: row.defaultLicence,
    profileShape: row.profileShape,
    theme: row.theme,
    keepOriginals: row.keepOriginals !== 0,
    offerOriginals: row.offerOriginals !== 0,
    showCamera: row.showCamera !== 0,
    showLens: row.showLens !== 0,
    showFocalLength: row.showFocalLength !== 0,
    showAperture: row.showAperture !== 0,
    showExposure: row.showExposure !== 0,
    showIso: row.showIso !== 0,
    showTakenAt: row.showTakenAt !== 0,
    remindAltText: row.remindAltText !== 0,
    requireAltText: row.requireAltText !== 0,
    showFeed: row.showFeed !== 0,
    seeLikes: row.seeLikes !== 0,
    seeBoosts: row.seeBoosts !== 0,
    seeComments: row.seeComments !== 0,
    seeCounts: row.seeCounts !== 0,
    allowLikes: row.allowLikes !== 0,
    allowBoosts: row.allowBoosts !== 0,
    allowComments: row.allowComments !== 0,
    defaultSensitive: row.defaultSensitive !== 0,
    defaultLanguage: row.defaultLanguage,
  };
}
