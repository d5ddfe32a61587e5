/** What a verb's file exports. The number is the exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export type VerbModule = {
  run(argv: string[]): Promise<number>;
  /** What `tintype help VERB` tells below the usage: subverbs or options. */
  details?(): string;
};

/** One row of the table of verbs. */
export type Verb = {
  /** One line of help; null for a verb that only the server itself starts. */
  help: string | null;
  /** What follows the verb on a command line. */
  usage: string;
  /** Loaded on use, so that the image worker carries no server. */
  load(): Promise<VerbModule>;
};

/** Every verb of `tintype`, in the order in which the help lists them. */
export const verbs: Readonly<Record<string, Verb>> = {
  serve: {
    help: 'start the server; prints its address and, until an owner exists, a set-up link',
    usage: '[DOMAIN …] [--data DIR] [--listen HOST:PORT] [--origin URL] [--mode MODE] …',
    load: () => import('./serve.ts'),
  },
  'setup-link': {
    help: 'print a fresh one-time set-up link',
    usage: '[--data DIR] [--json]',
    load: () => import('./setup-link.ts'),
  },
  account: {
    help: 'accounts: create, list, show, password, reset-link, role, suspend, restore, delete, quota, token',
    usage: 'create|list|show|password|reset-link|role|suspend|restore|delete|quota|token NAME …',
    load: () => import('./account.ts'),
  },
  invite: {
    help: 'invite links: create, list, revoke',
    usage: 'create|list|revoke [--uses N] [--expires 7d|never] [--data DIR] [--json]',
    load: () => import('./invite.ts'),
  },
  domains: {
    help: 'other servers: list, block, limit, allow, remove, import, export',
    usage: 'list|block|limit|allow|remove|import|export [DOMAIN|FILE] … [--data DIR] [--json]',
    load: () => import('./domains.ts'),
  },
  media: {
    help: 'what the photos take up',
    usage: 'usage [--data DIR] [--json]',
    load: () => import('./media.ts'),
  },
  backup: {
    help: 'backups: create, list, verify, prune',
    usage: 'create|list|verify|prune [BACKUP] [--data DIR] [--json]',
    load: () => import('./backup.ts'),
  },
  jobs: {
    help: 'waiting, failed and recurring work: list, retry ID, run NAME',
    usage: 'list|retry|run [--state STATE] [--data DIR] [--json]',
    load: () => import('./jobs.ts'),
  },
  export: {
    help: 'write the archive of one person: every original, post, comment and message, with a gallery',
    usage: 'NAME --to FILE [--renditions] [--data DIR] [--json]',
    load: () => import('./export.ts'),
  },
  import: {
    help: 'take an archive in: Tintype, Mastodon, Pixelfed, Instagram, or a CSV list',
    usage: 'NAME FILE [--dry-run] [--visibility V] [--fetch-photos HOST] … [--data DIR] [--json]',
    load: () => import('./import.ts'),
  },
  restore: {
    help: 'put a backup in the place of the data; the old data is kept beside it',
    usage: 'PATH [--name BACKUP] [--dry-run] [--fingerprint F] … | --go-back | --forget-old',
    load: () => import('./restore.ts'),
  },
  doctor: {
    help: 'look at everything and say what is wrong and what to do',
    usage: '[--fix] [--deep] [--data DIR] [--json]',
    load: () => import('./doctor.ts'),
  },
  janitor: {
    help: 'give space back: what may go, kind by kind, and take it away',
    usage: '[--dry-run] [--data DIR] [--json]',
    load: () => import('./janitor.ts'),
  },
  config: {
    help: 'every setting and where it comes from; check finds all mistakes',
    usage: 'show|check [--data DIR] [--json]',
    load: () => import('./config.ts'),
  },
  closing: {
    help: 'end this place kindly: announce, call-off, status, and a copy of what is public',
    usage: 'status|announce|call-off|copy [DAY|FOLDER] [--message TEXT] [--data DIR] [--json]',
    load: () => import('./closing.ts'),
  },
  update: {
    help: 'go to the newest version: checked, backed up, tried on a copy first, taken back if it fails',
    usage: '[--check] [--from URL|PATH] [--key KEY] [--data DIR] [--json]',
    load: () => import('./update.ts'),
  },
  service: {
    help: 'a systemd service of its own user: install, uninstall, status',
    usage: 'install|uninstall|status [DOMAIN …] [--dry-run] [--user NAME] [--data DIR] …',
    load: () => import('./service.ts'),
  },
  healthcheck: {
    help: 'exit code 0 if the server is ready',
    usage: '[--data DIR] [--json]',
    load: () => import('./healthcheck.ts'),
  },
  version: {
    help: 'print the version',
    usage: '[--json]',
    load: () => import('./version.ts'),
  },
  'archive-worker': {
    help: null,
    usage: '',
    load: () => import('./archive-worker.ts'),
  },
  'database-check': {
    help: null,
    usage: 'FILE',
    load: () => import('./database-check.ts'),
  },
  'restore-worker': {
    help: null,
    usage: '',
    load: () => import('./restore-worker.ts'),
  },
  'quiet-copy': {
    help: null,
    usage: '--data DIR',
    load: () => import('./quiet-copy.ts'),
  },
  'import-worker': {
    help: null,
    usage: '',
    load: () => import('./import-worker.ts'),
  },
  'update-worker': {
    help: null,
    usage: '',
    load: () => import('./update-worker.ts'),
  },
  'update-rehearsal': {
    help: null,
    usage: '[DOMAIN] …',
    load: () => import('./update-rehearsal.ts'),
  },
  'backup-worker': {
    help: null,
    usage: '',
    load: () => import('./backup-worker.ts'),
  },
  'image-worker': {
    help: null,
    usage: '',
    load: () => import('./image-worker.ts'),
  },
};
