import type { BackupTarget } from './parse-places.ts';

/** What was decided before the start: flags over `TINTYPE_*` variables over `tintype.toml`. */
export type Config = {
  /** Absolute path of the data directory. */
  readonly data: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** `https://photos.example.org`, no trailing slash; null: `http://localhost:PORT` of `listen`. */
  readonly origin: string | null;
  readonly logLevel: 'debug' | 'info' | 'warning' | 'error';
  /** CIDR ranges whose `X-Forwarded-For` and `-Proto` are believed. */
  readonly trustedProxies: readonly string[];
  /** Bytes of one file. */
  readonly uploadMaxSize: number;
  readonly uploadMaxPixels: number;
  readonly uploadMaxFrames: number;
  /** Bytes that the image worker may allocate. */
  readonly imageMemory: number;
  /** Milliseconds for one picture. */
  readonly imageDeadline: number;
  /** Milliseconds without work after which the image worker ends. */
  readonly imageIdle: number;
  /** False switches the request limits off (`--rates off`): for benchmarks and closed networks. */
  readonly rates: boolean;
  /** CIDR ranges that the fetcher reaches although they are private: for tests and closed networks. */
  readonly allowAddresses: readonly string[];
  /** Creates the owner without a wizard (containers). */
  readonly owner: {
    readonly name: string;
    readonly email: string;
    readonly password: string;
  } | null;
  /** How https is served by this program itself, once it is given a domain. */
  readonly https: HttpsConfig;
  /** An S3-compatible store; null without address and secret. */
  readonly s3: S3Config | null;
  /** Where photos live instead of the data directory. */
  readonly mediaBucket: { readonly bucket: string; readonly folder: string } | null;
  readonly backup: {
    /** Empty: `backups` in the data directory. */
    readonly to: readonly BackupTarget[];
    readonly passphrase: string | null;
  };
  readonly mail: { readonly url: string; readonly from: string } | null;
  /** Where releases are announced; `key` in base64 instead of the one that is built in. */
  readonly update: { readonly url: string; readonly key: string | null } | null;
  /** Admin settings that a flag, a variable or the file decides: key to its text. */
  readonly pinned: Readonly<Record<string, string>>;
};

export type HttpsConfig = {
  /** Names that this program serves https for by itself, that of `origin` first; none: plain http on `listen`. */
  readonly names: readonly string[];
  readonly listen: { readonly host: string; readonly port: number };
  readonly redirectListen: { readonly host: string; readonly port: number };
  /** ACME directories, asked in this order. */
  readonly directories: readonly string[];
  /** Own files; null: ACME. */
  readonly files: { readonly certificate: string; readonly key: string } | null;
};

/** Where an S3-compatible store is, and who we are there. */
export type S3Config = {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
};
