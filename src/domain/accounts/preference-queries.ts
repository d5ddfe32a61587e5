import type { Database } from 'bun:sqlite';

/** A row of `preferences`; flags are 0 or 1. */
export type PreferencesRow = {
  accountId: number;
  defaultVisibility: 'public' | 'unlisted' | 'followers' | 'self';
  defaultLicence: string;
  keepOriginals: number;
  offerOriginals: number;
  showCamera: number;
  showLens: number;
  showFocalLength: number;
  showAperture: number;
  showExposure: number;
  showIso: number;
  showTakenAt: number;
  remindAltText: number;
  requireAltText: number;
  profileShape: 'square' | 'natural';
  theme: 'auto' | 'light' | 'dark';
  showFeed: number;
  seeLikes: number;
  seeBoosts: number;
  seeComments: number;
  seeCounts: number;
  allowLikes: number;
  allowBoosts: number;
  allowComments: number;
  defaultSensitive: number;
  defaultLanguage: string | null;
};

/** The stored preferences of these accounts. */
export function findManyPreferences(db: Database, ids: readonly number[]): PreferencesRow[] {
  return db
    .query<PreferencesRow, { ids: string }>(
      `SELECT account_id AS accountId, default_visibility AS defaultVisibility,
         default_licence AS defaultLicence, keep_originals AS keepOriginals,
         offer_originals AS offerOriginals, show_camera AS showCamera, show_lens AS showLens,
         show_focal_length AS showFocalLength, show_aperture AS showAperture,
         show_exposure AS showExposure, show_iso AS showIso, show_taken_at AS showTakenAt,
         remind_alt_text AS remindAltText, require_alt_text AS requireAltText,
         profile_shape AS profileShape, theme, show_feed AS showFeed,
         see_likes AS seeLikes, see_boosts AS seeBoosts, see_comments AS seeComments,
         see_counts AS seeCounts, allow_likes AS allowLikes, allow_boosts AS allowBoosts,
         allow_comments AS allowComments,
         default_sensitive AS defaultSensitive, default_language AS defaultLanguage
       FROM preferences WHERE account_id IN (SELECT value FROM json_each($ids))`,
    )
    .all({ ids: JSON.stringify(ids) });
}

/** Stores all preferences of an account. */
export function upsertPreferences(db: Database, row: PreferencesRow): void {
  db.query(
    `INSERT OR REPLACE INTO preferences (account_id, default_visibility, default_licence,
       keep_originals, offer_originals, show_camera, show_lens, show_focal_length, show_aperture,
       show_exposure, show_iso, show_taken_at, remind_alt_text, require_alt_text, profile_shape,
       theme, show_feed, see_likes, see_boosts, see_comments, see_counts, allow_likes,
       allow_boosts, allow_comments, default_sensitive, default_language)
     VALUES ($accountId, $defaultVisibility, $defaultLicence, $keepOriginals, $offerOriginals,
       $showCamera, $showLens, $showFocalLength, $showAperture, $showExposure, $showIso,
       $showTakenAt, $remindAltText, $requireAltText, $profileShape, $theme, $showFeed,
       $seeLikes, $seeBoosts, $seeComments, $seeCounts, $allowLikes, $allowBoosts, $allowComments,
       $defaultSensitive, $defaultLanguage)`,
  ).run(row);
}
