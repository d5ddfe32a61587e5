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
  /** Admin settings that a flag, a variable or the file decides: key to its text. */
  readonly pinned: Readonly<Record<string, string>>;
};
