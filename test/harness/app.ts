import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '#app/app.ts';
import { type AppOptions, createApp } from '#app/create-app.ts';
import type { Config } from '#base/config/config.ts';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { hashPassword } from '#base/platform/passwords.ts';
import { writeAccount } from '#domain/accounts/create-account.ts';
import { startSession } from '#domain/accounts/sessions.ts';
import { createToken } from '#domain/accounts/tokens.ts';
import type { Role, Viewer } from '#domain/accounts/viewer.ts';
import { silentLog } from './silent-log.ts';

/** The password of every account that `person` makes. */
export const PASSWORD = 'a long password for tests';

/** Somebody with an account: a browser's session and an app's token, both ready. */
export type Person = {
  viewer: Viewer;
  /** What the browser holds: the `Cookie` header. */
  cookie: string;
  csrf: string;
  token: string;
};

export type RequestOptions = {
  method?: string;
  /** Speaks as this person, with the session cookie and the CSRF header of our own islands. */
  as?: Person;
  /** Speaks with this token instead (`person.token`). */
  token?: string;
  json?: unknown;
  /** Sent as a form of a page is: urlencoded, with the `csrf` field of `as`. */
  form?: Record<string, string | string[]>;
  /** Sent as it is, e.g. `FormData` for multipart. */
  body?: BodyInit;
  headers?: Record<string, string>;
  /** Where the request comes from. */
  address?: string;
};

export type TestApp = {
  readonly app: App;
  readonly ctx: Context;
  /** The server's clock: the real one, moved by `advance`. */
  readonly clock: { now(): number; advance(milliseconds: number): void };
  /** Makes an account in a few milliseconds; the first owner closes set-up. */
  person(username: string, role?: Role): Promise<Person>;
  /** Sends a request through every layer but the socket; the method is POST when there is a body. */
  request(path: string, options?: RequestOptions): Promise<Response>;
  /** Works off everything that is due and says how much that was. */
  settle(): Promise<number>;
  /** Ends the server and starts another one on the same data, as after a restart. */
  reopen(): Promise<TestApp>;
  close(): Promise<void>;
};

export type TestAppOptions = Omit<AppOptions, 'now'> & {
  config?: Partial<Config>;
  /** Admin settings as texts, e.g. `{ mode: 'family' }`: pinned as the file would pin them. */
  settings?: Record<string, string>;
  /** An existing data directory; a fresh one that goes with `close` otherwise. */
  data?: string;
  /** Milliseconds since 1970 that the clock starts from. */
  now?: number;
  /** The clock stands still but for `advance`. */
  still?: boolean;
};

/** A whole server on a fresh data directory, without a port. `await app.close()` when done. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'tintype-test-'));
  const shift = options.now === undefined ? 0 : options.now - Date.now();
  return openTestApp(options, data, shift);
}

async function openTestApp(
  options: TestAppOptions,
  data: string,
  startShift: number,
): Promise<TestApp> {
  let shift = startShift;
  const { config, settings, data: _data, now: _now, still = false, ...rest } = options;
  const begun = Date.now();
  const now = () => (still ? begun : Date.now()) + shift;
  const app = await createApp(
    { ...testConfig(data), ...config, pinned: { ...config?.pinned, ...settings } },
    { log: silentLog, ...rest, now },
  );
  return {
    app,
    ctx: app.ctx,
    clock: {
      now,
      advance: (milliseconds) => {
        shift += milliseconds;
      },
    },
    person: (username, role = 'member') => makePerson(app.ctx, username, role),
    request: (path, how = {}) =>
      app.handle(buildRequest(path, how), { address: how.address ?? '127.0.0.1' }),
    settle: () => app.settle(),
    reopen: async () => {
      await app.stop();
      return openTestApp(options, data, shift);
    },
    close: async () => {
      await app.stop();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The settings that a test server runs with: nothing of the machine's environment counts. */
export function testConfig(data: string): Config {
  return {
    data,
    listen: { host: '127.0.0.1', port: 0 },
    origin: null,
    logLevel: 'error',
    trustedProxies: [],
    uploadMaxSize: 100_000_000,
    uploadMaxPixels: 100_000_000,
    uploadMaxFrames: 600,
    imageMemory: 1_000_000_000,
    imageDeadline: 60_000,
    imageIdle: 30_000,
    rates: true,
    allowAddresses: [],
    owner: null,
    https: {
      names: [],
      listen: { host: '127.0.0.1', port: 0 },
      redirectListen: { host: '127.0.0.1', port: 0 },
      directories: [],
      files: null,
    },
    s3: null,
    mediaBucket: null,
    backup: { to: [], passphrase: null },
    mail: null,
    update: null,
    pinned: {},
  };
}

/** A request as a browser or an app sends it; the pieces of `request` for those who need it bare. */
export function buildRequest(path: string, options: RequestOptions = {}): Request {
  const headers = new Headers(options.headers);
  const { as, form } = options;
  let body = options.body ?? null;
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  else if (as !== undefined) {
    headers.set('cookie', as.cookie);
    if (!headers.has('sec-fetch-site')) headers.set('sec-fetch-site', 'same-origin');
    if (form === undefined && !headers.has('x-csrf-token')) headers.set('x-csrf-token', as.csrf);
  }
  if (options.json !== undefined) {
    headers.set('content-type', 'application/json');
    body = JSON.stringify(options.json);
  } else if (form !== undefined) {
    body = encodeForm(as === undefined ? form : { csrf: as.csrf, ...form });
  }
  const method = options.method ?? (body === null ? 'GET' : 'POST');
  return new Request(new URL(path, 'http://localhost'), { method, headers, body });
}

function encodeForm(form: Record<string, string | string[]>): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    for (const each of Array.isArray(value) ? value : [value]) fields.append(name, each);
  }
  return fields;
}

// Argon2 is slow on purpose; once a test run is enough.
let passwordHash: Promise<string> | null = null;

async function makePerson(ctx: Context, username: string, role: Role): Promise<Person> {
  passwordHash ??= hashPassword(PASSWORD);
  const hash = await passwordHash;
  const viewer = transaction(ctx.db, () =>
    writeAccount(ctx, {
      username,
      email: `${username}@example.org`,
      password: PASSWORD,
      role,
      passwordHash: hash,
    }),
  );
  const session = await startSession(ctx, viewer.id, 'a test');
  return {
    viewer,
    cookie: `session=${session.id}`,
    csrf: session.csrf,
    token: createToken(ctx, viewer.id, 'a test', 'read write follow push'),
  };
}
