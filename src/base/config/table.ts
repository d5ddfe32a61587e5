import { parseBytes } from '#base/core/bytes.ts';
import { parseDuration } from '#base/core/duration.ts';
import { parseListen } from './parse-listen.ts';
import { parseOrigin } from './parse-origin.ts';
import { parseRanges } from './parse-ranges.ts';

/** One setting that is decided before the start. */
export type ConfigEntry<T> = {
  /** What holds if nobody says anything, as a person would write it; null: nothing. */
  readonly fallback: string | null;
  /** Reads the text of flag, variable or file; null if it is no value of this setting. */
  readonly parse: (text: string) => T | null;
  /** What would have been right: follows "must be". */
  readonly expects: string;
  /** One sentence for the table in the README. */
  readonly help: string;
  /** Has no flag (others see the command line), is never shown, and may lie in a file (`…_FILE`). */
  readonly secret?: true;
  /** Cannot be in `tintype.toml`, because that lies in it. */
  readonly outsideFile?: true;
};

const text = (value: string) => (value.trim() === '' ? null : value.trim());
const LEVELS = ['debug', 'info', 'warning', 'error'] as const;
const between = (least: number, most: number, value: number | null) =>
  value !== null && value >= least && value <= most ? value : null;
const whole = (least: number, most: number) => (value: string) =>
  /^[0-9_]+$/.test(value) ? between(least, most, Number(value.replaceAll('_', ''))) : null;

/**
 * Every setting that is decided before the start. The flag and the variable follow from the key:
 * `upload.max_size` is `--upload-max-size` and `TINTYPE_UPLOAD_MAX_SIZE`. The settings of the admin
 * pages have a table of their own and can be pinned in the same three ways.
 */
export const configTable = {
  data: {
    fallback: './tintype-data',
    parse: text,
    expects: 'the path of a directory',
    help: 'The directory that holds everything: database, photos, backups.',
    outsideFile: true,
  },
  listen: {
    fallback: '127.0.0.1:8080',
    parse: parseListen,
    expects: 'an address with a port, like 0.0.0.0:8080',
    help: 'Where the server listens; `0.0.0.0:8080` lets other devices in.',
  },
  origin: {
    fallback: null,
    parse: parseOrigin,
    expects: 'an address like https://photos.example.org, without a path',
    help: 'The public address, as people type it. Without it: `http://localhost` and the port.',
  },
  log_level: {
    fallback: 'info',
    parse: (value: string) => LEVELS.find((level) => level === value) ?? null,
    expects: `one of ${LEVELS.join(', ')}`,
    help: 'How much is logged: `debug`, `info`, `warning` or `error`.',
  },
  trusted_proxies: {
    fallback: '',
    parse: parseRanges,
    expects: 'addresses or ranges with commas between them, like 127.0.0.1, 10.0.0.0/8',
    help: 'Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.',
  },
  rates: {
    fallback: 'on',
    parse: (value: string) => (value === 'on' || value === 'off' ? value : null),
    expects: 'on or off',
    help: 'Request limits; `off` is for benchmarks and closed networks.',
  },
  'federation.allow_addresses': {
    fallback: '',
    parse: parseRanges,
    expects: 'addresses or ranges with commas between them, like 127.0.0.0/8',
    help: 'Private addresses on which other servers are reached, on any port and over plain http: for closed networks.',
  },
  'upload.max_size': {
    fallback: '100 MB',
    parse: (value: string) => between(100_000, 10e9, parseBytes(value)),
    expects: 'a size between 100 kB and 10 GB, like 100 MB',
    help: 'The largest file that can be uploaded.',
  },
  'upload.max_pixels': {
    fallback: '100000000',
    parse: whole(1_000_000, 1_000_000_000),
    expects: 'a whole number of pixels between 1000000 and 1000000000',
    help: 'The largest picture that is decoded, width times height.',
  },
  'upload.max_frames': {
    fallback: '600',
    parse: whole(1, 10_000),
    expects: 'a whole number between 1 and 10000',
    help: 'The longest animation that is decoded.',
  },
  'image.memory': {
    fallback: '1 GB',
    parse: (value: string) => between(200e6, 64e9, parseBytes(value)),
    expects: 'a size of at least 200 MB, like 1 GB',
    help: 'Memory that the image worker may take.',
  },
  'image.deadline': {
    fallback: '60s',
    parse: (value: string) => between(5_000, 3_600_000, parseDuration(value)),
    expects: 'a time between 5s and 1h, like 60s',
    help: 'How long one picture may take; then the image worker is ended and the upload refused.',
  },
  'owner.name': {
    fallback: null,
    parse: text,
    expects: 'a user name',
    help: 'With the next two: makes the owner at the first start, without a wizard (containers).',
  },
  'owner.email': {
    fallback: null,
    parse: (value: string) => (/^\S+@\S+$/.test(value.trim()) ? value.trim() : null),
    expects: 'an e-mail address',
    help: 'The e-mail address of that owner.',
  },
  'owner.password': {
    fallback: null,
    parse: (value: string) => (value.length >= 10 ? value : null),
    expects: 'at least 10 characters long',
    help: 'The password of that owner; not looked at once there is one.',
    secret: true,
  },
} as const satisfies Record<string, ConfigEntry<unknown>>;

export type ConfigKey = keyof typeof configTable;

/** What a setting's text becomes. */
export type ConfigValue<Key extends ConfigKey> = NonNullable<
  ReturnType<(typeof configTable)[Key]['parse']>
>;
