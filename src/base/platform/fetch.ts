/** What is asked of another server. */
export type FetchRequest = {
  /** Absolute, http or https. */
  url: string;
  method?: 'GET' | 'POST';
  /** Headers for the address of this hop: a signature is made anew for every redirect. */
  headers?: (url: URL) => Promise<Record<string, string>> | Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  /**
   * Decoded bytes of the answer after which it is broken off. The body of a refusal (no 2xx) and of
   * the answer to a POST is cut instead: its status is what counts.
   */
  maxBytes: number;
  /** Milliseconds for everything: name, connection, redirects, body. */
  deadline: number;
  /** How many redirects are followed (GET alone, never from https to http); 0 hands the redirect back as the answer. */
  redirects?: number;
  /** Media types that a 2xx answer may have, exactly (parameters apart from `profile` are ignored); all if left out. */
  types?: readonly string[];
  signal?: AbortSignal;
};

/** What another server said, whatever the status. */
export type FetchAnswer = {
  status: number;
  /** Address of the last hop. */
  url: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
};

/** Why there is no answer. */
export type FetchFailure =
  | 'bad_url'
  | 'refused_address'
  | 'no_such_host'
  | 'unreachable'
  | 'timeout'
  | 'too_large'
  | 'wrong_type'
  | 'bad_redirect'
  | 'too_many';

/** There is no answer, and why; the message is for the log and for the person who sees a delivery fail. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly failure: FetchFailure;
  /** Milliseconds after which another try makes sense, if known (`too_many`). */
  readonly retryAfter: number | undefined;

  constructor(
    failure: FetchFailure,
    message: string,
    options: { cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.failure = failure;
    this.retryAfter = options.retryAfter;
  }
}

/** The way out for every address that comes from outside; throws `FetchError`. */
export type GuardedFetch = (request: FetchRequest) => Promise<FetchAnswer>;

/** What the guard must know of its server. */
export type FetchOptions = {
  /** `federation.allow_addresses`: ranges that are reached although they are private, on any port, over plain http. */
  allowAddresses: readonly string[];
  userAgent: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Addresses of a host name; the system's resolver unless a test has its own. */
  resolve?: (host: string) => Promise<readonly string[]>;
  /** Whether a host (with its port) is this server itself, of which nothing is ever asked. */
  isOwnHost?: (host: string) => boolean;
  /** Certificates that are trusted instead of the usual authorities (PEM); for tests. */
  ca?: string;
};
