import type { HttpsConfig } from '#base/config/config.ts';
import type { Log } from '#base/platform/log.ts';
import { AcmeError } from '#base/platform/tls/acme-error.ts';
import { type Certificate, dueAt, isFor, readCertificate } from '#base/platform/tls/certificate.ts';
import { type AcmeTrouble, explainAcme } from '#base/platform/tls/explain-acme.ts';
import {
  type ChallengeKind,
  makeAccountKey,
  type Order,
  obtainCertificate,
} from '#base/platform/tls/obtain.ts';
import type { TlsState, TlsStore } from '#base/platform/tls/store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
// Let's Encrypt allows five failed tries an hour; this is what else counts against it in a day.
const DELAYS = [2, 5, 15, 30, 60, 120, 240, 360].map((minutes) => minutes * MINUTE);
// No authority asks for more. What is further away was noted by a clock that stood wrong (T127).
const LONGEST_REST = 8 * 24 * HOUR;
const KINDS: readonly ChallengeKind[] = ['http-01', 'tls-alpn-01'];

/** What a keeper needs of the server it keeps a certificate for. */
export type KeeperNeeds = Pick<Order, 'show' | 'signal' | 'userAgent'> & {
  config: Pick<HttpsConfig, 'names' | 'directories'>;
  store: TlsStore;
  log: Log;
  now: () => number;
  /** Takes a new certificate into use. */
  use(certificate: Certificate): void;
  /** Hears how it stands after each try: the trouble, or null, and until when there is a certificate. */
  tell(problem: string | null, notAfter: number | null): void;
};

export type Keeper = {
  /** What is stored and still good for these names, or null. */
  current(): Certificate | null;
  /** Obtains or renews if it is time to; says in a few words what it came to. One at a time. */
  check(): Promise<string>;
  /** When the next check makes sense, in milliseconds since 1970. */
  nextAt(): number;
};

/** Keeps a certificate: obtains the first, renews it in time, and asks nobody more often than they like. */
export function createKeeper(needs: KeeperNeeds): Keeper {
  const { config, store, now } = needs;
  const current = () => {
    const found = store.readCertificate();
    const fits = found !== null && config.names.every((name) => isFor(found, name));
    return fits && found.notAfter > now() ? found : null;
  };
  let running: Promise<string> | null = null;
  const check = async () => {
    const held = current();
    if (held !== null && now() < dueAt(held)) {
      return `good until ${day(held.notAfter)}, renewed from ${day(dueAt(held))} on`;
    }
    const { nextTry, problem } = store.readState();
    if (isResting(nextTry, now())) {
      return `next try ${new Date(nextTry).toISOString()}: ${problem?.sentence ?? 'the last one broke off'}`;
    }
    const got = await tryAll(needs);
    if (got === null) {
      const said = store.readState().problem?.sentence ?? 'There is no certificate.';
      needs.tell(said, held?.notAfter ?? null);
      return said;
    }
    needs.use(got);
    needs.tell(null, got.notAfter);
    return `obtained, good until ${day(got.notAfter)}`;
  };
  return {
    current,
    check: () => {
      running ??= check().finally(() => {
        running = null;
      });
      return running;
    },
    nextAt: () => {
      const held = current();
      const { nextTry } = store.readState();
      return Math.max(held === null ? 0 : dueAt(held), isResting(nextTry, now()) ? nextTry : 0);
    },
  };
}

/** Asks one directory after the other; what went wrong is on the disk before anybody is asked again. */
async function tryAll(needs: KeeperNeeds): Promise<Certificate | null> {
  const { config, store, log, now } = needs;
  const state = store.readState();
  // Noted before the try: a server that dies over it and is started again must wait like any other.
  const delay = DELAYS[Math.min(state.failures, DELAYS.length - 1)] ?? HOUR;
  state.failures += 1;
  state.nextTry = now() + Math.round(delay * (1 + Math.random() * 0.2));
  store.writeState(state);
  const asked = config.directories.filter(
    (each) => !isResting(state.directories[each]?.restUntil ?? 0, now()),
  );
  for (const directory of asked) {
    const result = await tryDirectory(needs, state, directory);
    if ('chain' in result) {
      const certificate = readCertificate(result.chain, result.key);
      store.writeCertificate(result.chain, result.key);
      store.writeState({ ...state, failures: 0, nextTry: 0, problem: null });
      log.info('A certificate was obtained.', {
        names: certificate.names.join(', '),
        until: new Date(certificate.notAfter).toISOString(),
        from: new URL(directory).host,
      });
      return certificate;
    }
    note(state, directory, result, now());
    store.writeState(state);
    if (needs.signal.aborted) return null;
    log.error(`No certificate yet: ${result.sentence}`);
    if (result.ours) break;
  }
  waitForRested(config.directories, state);
  store.writeState(state);
  log.warn('The certificate is tried again later.', { at: new Date(state.nextTry).toISOString() });
  return null;
}

/** One directory, by the challenge that worked last, then by the other where that may help. */
async function tryDirectory(
  needs: KeeperNeeds,
  state: TlsState,
  directory: string,
): Promise<{ chain: string; key: string } | AcmeTrouble> {
  const { config, store, now } = needs;
  const last = state.directories[directory]?.challenge ?? 'http-01';
  let first: AcmeTrouble | null = null;
  for (const kind of [last, ...KINDS.filter((each) => each !== last)]) {
    try {
      const { show, signal, userAgent } = needs;
      const accountKey = await accountKeyFor(store, directory);
      const order = { directory, accountKey, names: config.names, kind, show, signal, userAgent };
      const got = await obtainCertificate(order);
      // A certificate that cannot be used is no success.
      readCertificate(got.chain, got.key);
      state.directories[directory] = { restUntil: 0, challenge: kind };
      return got;
    } catch (error) {
      const known =
        error instanceof AcmeError ? error : new AcmeError('unknown', String(error).slice(0, 300));
      const trouble = explainAcme(known, { names: config.names, directory }, now());
      first ??= trouble;
      if (!trouble.otherChallenge) return first;
    }
  }
  return (
    first ??
    explainAcme(new AcmeError('unknown', 'nothing was tried'), { names: [], directory }, now())
  );
}

async function accountKeyFor(store: TlsStore, directory: string): Promise<string> {
  const known = store.readAccountKey(directory);
  if (known !== null) return known;
  const made = await makeAccountKey();
  store.writeAccountKey(directory, made);
  return made;
}

function note(state: TlsState, directory: string, trouble: AcmeTrouble, now: number): void {
  const { challenge } = state.directories[directory] ?? {};
  state.problem = { at: now, sentence: trouble.sentence };
  state.directories[directory] = {
    restUntil: trouble.rest === null ? 0 : now + Math.min(trouble.rest, LONGEST_REST),
    ...(challenge ? { challenge } : {}),
  };
}

/** When everybody wants to be left alone, the first who does not any more decides. */
function waitForRested(directories: readonly string[], state: TlsState): void {
  const ends = directories.map((each) => state.directories[each]?.restUntil ?? 0);
  state.nextTry = Math.max(state.nextTry, Math.min(...ends));
}

function isResting(until: number, now: number): boolean {
  return now < until && until <= now + LONGEST_REST;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
