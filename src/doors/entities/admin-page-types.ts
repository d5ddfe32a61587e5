/** The state of something at a glance. */
export type AdminLight = 'ok' | 'warn' | 'fail';

/** One number of the overview, with where to read more. */
export type AdminFact = { label: string; value: string; light: AdminLight; href: string | null };

/** `/admin`: how the place is. Moments are ISO dates. */
export type AdminOverview = {
  light: AdminLight;
  facts: { title: string; href: string | null; facts: AdminFact[] }[];
  /** Servers to which something could not be brought, the worst first. */
  hosts: {
    host: string;
    waiting: number;
    givenUp: number;
    failingSince: string | null;
    error: string;
  }[];
  /** Warnings and errors of the log, the newest first. */
  troubles: { at: string; level: 'warning' | 'error'; text: string }[];
};

/** What lay on the disk at the end of a day (ISO date), bytes. */
export type StorageDay = {
  day: string;
  originals: number;
  renditions: number;
  cache: number;
  database: number;
  free: number;
};

export type AdminInviteRow = {
  id: string;
  note: string;
  usesLeft: number;
  expiresAt: string | null;
  createdBy: string;
};

export type AdminSettingRow = {
  key: string;
  label: string;
  help: string;
  kind: 'text' | 'paragraph' | 'choice' | 'switch' | 'bytes';
  choices: { value: string; label: string }[];
  value: string;
  /** True when a flag, a variable or the file decides; the page shows it read-only. */
  pinned: boolean;
};

/** What admins are told on every page until it is mended. */
export type AdminBanner = { key: string; subject: string; text: string; at: string };

export type AdminDomainRow = {
  domain: string;
  rule: 'block' | 'limit' | 'allow';
  reason: string;
  note: string;
  createdAt: string;
};

/** One backup of `/admin/backups`; null: not known any more. */
export type AdminBackupRow = {
  name: string;
  madeAt: string;
  bytes: number | null;
  newBytes: number | null;
  files: number | null;
  check: { at: string; ok: boolean; full: boolean; detail: string } | null;
  drill: { at: string; ok: boolean; detail: string } | null;
};
/** `/admin/backups`. */
export type AdminBackups = {
  /** How often, in words. */
  every: string;
  keep: string;
  /** Of the key that signs them. */
  fingerprint: string;
  running: { kind: string; place: string; step: string; done: number; total: number } | null;
  places: {
    label: string;
    encrypted: boolean;
    sameDisk: boolean;
    last: { outcome: 'done' | 'failed' | 'interrupted'; at: string; detail: string } | null;
    backups: AdminBackupRow[];
  }[];
};

/** How far somebody is with taking everything along. */
export type ClosingRow = {
  username: string;
  displayName: string;
  archive: 'none' | 'waiting' | 'running' | 'done' | 'failed';
  /** Where they are now: `name@domain`; null: here. */
  movedTo: string | null;
};

/** The copy of all that is public: where it lies (a path on the server), or why there is none. */
export type SiteCopyState =
  | { state: 'none' | 'closed' | 'working' }
  | { state: 'done'; path: string; pages: number; bytes: number; at: string }
  | { state: 'failed'; error: string };
