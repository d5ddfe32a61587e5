import type { Database } from 'bun:sqlite';

/** Something that admins must know; times in milliseconds. */
export type BannerRow = {
  /** What it is about, like `backup.failed`: there is one of each. */
  key: string;
  subject: string;
  text: string;
  /** Since when. */
  raisedAt: number;
  clearedAt: number | null;
  mailedAt: number | null;
};

const COLUMNS = `key, subject, text, raised_at AS raisedAt, cleared_at AS clearedAt,
  mailed_at AS mailedAt`;

/** The banner of that key, cleared or not. */
export function findBanner(db: Database, key: string): BannerRow | null {
  return db
    .query<BannerRow, { key: string }>(`SELECT ${COLUMNS} FROM admin_banners WHERE key = $key`)
    .get({ key });
}

/** What admins must know now, the newest first. */
export function listBanners(db: Database): BannerRow[] {
  return db
    .query<BannerRow, []>(
      `SELECT ${COLUMNS} FROM admin_banners WHERE cleared_at IS NULL ORDER BY raised_at DESC, key`,
    )
    .all();
}

/** Writes what a banner says now, as one that is not cleared. */
export function saveBanner(db: Database, banner: Omit<BannerRow, 'clearedAt'>): void {
  db.query(
    `INSERT INTO admin_banners (key, subject, text, raised_at, mailed_at)
     VALUES ($key, $subject, $text, $raisedAt, $mailedAt)
     ON CONFLICT (key) DO UPDATE SET subject = excluded.subject, text = excluded.text,
       raised_at = excluded.raised_at, mailed_at = excluded.mailed_at, cleared_at = NULL`,
  ).run(banner);
}

/** Takes a banner down; it is remembered when it was mailed. */
export function markBannerCleared(db: Database, key: string, now: number): void {
  db.query(
    'UPDATE admin_banners SET cleared_at = $now WHERE key = $key AND cleared_at IS NULL',
  ).run({ key, now });
}
