import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Certificate, readCertificate } from './certificate.ts';

const directorySchema = v.object({
  /** Not asked before, in milliseconds since 1970: it said so, or it was out of reach. */
  restUntil: v.number(),
  /** How it reached us last. */
  challenge: v.optional(v.picklist(['http-01', 'tls-alpn-01'])),
});
const stateSchema = v.object({
  /** No try before, in milliseconds since 1970. */
  nextTry: v.number(),
  failures: v.number(),
  problem: v.nullable(v.object({ at: v.number(), sentence: v.string() })),
  directories: v.record(v.string(), directorySchema),
});

/** What is remembered across restarts, so that a server that starts over and over does not ask over and over. */
export type TlsState = v.InferOutput<typeof stateSchema>;

/** The folder `tls` of a data directory: account keys, the certificate, and what went wrong last. */
export type TlsStore = {
  readCertificate(): Certificate | null;
  writeCertificate(chain: string, key: string): void;
  /** The key by which a directory knows us; null before the first time. */
  readAccountKey(directory: string): string | null;
  writeAccountKey(directory: string, pem: string): void;
  readState(): TlsState;
  writeState(state: TlsState): void;
};

/** Opens it; the folder is made at the first write. Files are for their owner alone, and replaced whole. */
export function createTlsStore(root: string): TlsStore {
  const folder = join(root, 'tls');
  const certificate = join(folder, 'certificate.pem');
  const state = join(folder, 'state.json');
  const account = (directory: string) =>
    join(
      folder,
      `account-${new Bun.CryptoHasher('sha256').update(directory).digest('hex').slice(0, 16)}.pem`,
    );
  const write = (path: string, text: string) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(folder, path, text);
  };
  return {
    readCertificate: () => {
      const text = read(certificate);
      if (text === null) return null;
      try {
        // Key and chain in one file: no crash leaves one without the other.
        return readCertificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE-----')), text);
      } catch {
        return null;
      }
    },
    writeCertificate: (chain, key) => write(certificate, `${key.trim()}\n${chain.trim()}\n`),
    readAccountKey: (directory) => read(account(directory)),
    writeAccountKey: (directory, pem) => write(account(directory), pem),
    readState: () => parseState(read(state)),
    writeState: (value) => write(state, `${JSON.stringify(value, null, 2)}\n`),
  };
}

function parseState(text: string | null): TlsState {
  const fresh: TlsState = { nextTry: 0, failures: 0, problem: null, directories: {} };
  if (text === null) return fresh;
  try {
    return v.parse(stateSchema, JSON.parse(text));
  } catch {
    return fresh;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function replaceFile(folder: string, path: string, text: string): void {
  const temp = `${path}.new`;
  const file = openSync(temp, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temp, path);
  const place = openSync(folder, 'r');
  try {
    fsyncSync(place);
  } finally {
    closeSync(place);
  }
}
