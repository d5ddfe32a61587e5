import { parseBytes } from '#base/core/bytes.ts';
import { parseDuration } from '#base/core/duration.ts';
import {
  parseAddresses,
  parseCertificateFiles,
  parseHttpsListen,
  parseMail,
  parseStore,
  parseUpdateFrom,
} from './parse-appliance.ts';
import { parseListen } from './parse-listen.ts';
import { parseOrigin } from './parse-origin.ts';
import { parseBucket, parsePlaces } from './parse-places.ts';
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
  'https.listen': {
    fallback: '[::]:443, [::]:80',
    parse: parseHttpsListen,
    expects: 'two addresses with ports, like [::]:443, [::]:80',
    help: 'Where https is served when a domain is given to `tintype serve`, and where plain http is sent on to it; `[::]` is every address, of IPv4 too.',
  },
  'https.files': {
    fallback: null,
    parse: parseCertificateFiles,
    expects: 'the paths of two PEM files, certificate and key, with a comma between them',
    help: 'A certificate of your own (with its chain) and its key, instead of one that is obtained; read anew when they change.',
  },
  'https.directory': {
    fallback: 'https://acme-v02.api.letsencrypt.org/directory',
    parse: parseAddresses,
    expects: 'the address of an ACME directory, or several with commas between them',
    help: 'Who issues certificates (ACME); with several, the next is asked when one fails.',
  },
  's3.url': {
    fallback: null,
    parse: parseStore,
    expects: 'an address like https://ACCESSKEY@store.example.org?region=eu-central-1',
    help: 'An S3-compatible store, for backups or photos.',
  },
  's3.secret': {
    fallback: null,
    parse: text,
    expects: 'the secret of that access key',
    help: 'The secret of the access key in `s3.url`.',
    secret: true,
  },
  'media.bucket': {
    fallback: null,
    parse: parseBucket,
    expects: 'a bucket, with a folder in it if you like, like photos/tintype',
    help: 'Photos live in this bucket of the store instead of the data directory.',
  },
  'backup.to': {
    fallback: null,
    parse: parsePlaces,
    expects:
      'absolute paths and buckets with commas between them, like /mnt/disk/tintype, s3:safe/photos',
    help: 'Where backups go; best on another disk. Without it: `backups` in the data directory.',
  },
  'backup.passphrase': {
    fallback: null,
    parse: (value: string) => (value.length >= 12 ? value : null),
    expects: 'at least 12 characters long',
    help: 'Encrypts backups; without it nobody can read them, you neither.',
    secret: true,
  },
  'mail.url': {
    fallback: null,
    parse: parseMail,
    expects: 'an address like smtp://user:password@mail.example.org:587?from=photos@example.org',
    help: 'The mail server that carries messages to you and your members; without it there is no mail.',
    secret: true,
  },
  'update.from': {
    fallback: null,
    parse: parseUpdateFrom,
    expects: 'the address or path of a release manifest, then a public key if it is not ours',
    help: 'Where `tintype update` looks for a newer version.',
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
