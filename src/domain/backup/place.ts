import { existsSync } from 'node:fs';
import type { Config, S3Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import { openBucketStore } from './bucket-store.ts';
import type { Crypt } from './crypt.ts';
import { openDirectoryStore } from './directory-store.ts';
import { hashPieces, limitPieces, onePiece, readExpected, saveLocally } from './pieces.ts';
import { type PlaceMaker, readOrMakePlace } from './place-file.ts';
import type { Store, StoreEntry } from './store.ts';

export type BackupTarget = Config['backup']['to'][number];

/** What a place needs to be opened beside its address. */
export type PlaceSecrets = { s3: S3Config | null; passphrase: string | null };

/** Bytes and SHA-256 in hex of what was stored or read, as it is without encryption. */
export type Content = { bytes: number; sha256: string };

/**
 * A place of backups (format 1), a directory or a folder of a bucket: `tintype-backups.json`,
 * `media/ab/<id>` with each content once, `snapshots/<name>/…`. Encryption happens inside; sizes of
 * `list` and `size` are those that are taken up there.
 */
export type BackupPlace = {
  readonly kind: Store['kind'];
  /** The path of the directory, or `s3:bucket/folder`. */
  readonly label: string;
  /** Whose backups these are. */
  readonly instance: string;
  readonly origin: string;
  readonly encrypted: boolean;
  /** Where a content lies: `media/ab/<id>`. */
  mediaPath(sha256: string): string;
  /** Bytes that a file of so many bytes takes up there. */
  storedBytes(bytes: number): number;
  list(prefix: string): AsyncIterable<StoreEntry>;
  size(path: string): Promise<number | null>;
  /**
   * Copies a file there; it appears whole or not at all. Throws `not_found` if the file is missing,
   * `invalid` if it is not what was `expected`. `link`: without a second copy where that can be.
   */
  put(
    path: string,
    localFile: string,
    options?: { expected?: Content; link?: boolean },
  ): Promise<Content>;
  /** Copies what comes in pieces there; it appears at the end, and not at all if they throw. */
  putPieces(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void>;
  /** Writes a small file. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Copies a file from there; throws `too_large` beyond `maxBytes`, `not_found`, `invalid` if it is damaged. */
  get(path: string, toLocal: string, limits: { maxBytes: number }): Promise<Content>;
  /** Reads a file of at most `max` bytes. */
  read(path: string, max: number): Promise<Uint8Array>;
  /** Hashes a file where it lies; throws like `get`. */
  hash(path: string, limits: { maxBytes: number }): Promise<Content>;
  remove(path: string): Promise<void>;
  /** What was put, written and removed until now is so after a power cut, too. */
  settle(): Promise<void>;
  /** Takes away what interrupted writes left. */
  tidy(): Promise<void>;
  freeBytes(): number | null;
  sharesDiskWith(path: string): boolean;
};

/**
 * Opens a place. With `make` it becomes a place of that instance if it is none yet, and throws
 * `conflict` if it is another's. Throws `not_found` where there are no backups, `forbidden` when the
 * passphrase is missing or wrong, `unavailable` when it cannot be reached.
 */
export async function openPlace(
  target: BackupTarget,
  secrets: PlaceSecrets,
  make: PlaceMaker | null = null,
): Promise<BackupPlace> {
  const store = openStore(target, secrets.s3, make);
  const { about, crypt } = await readOrMakePlace(store, secrets.passphrase, make);
  return createPlace(store, crypt, about);
}

function openStore(target: BackupTarget, s3: S3Config | null, make: PlaceMaker | null): Store {
  if (target.kind === 'directory')
    return openDirectoryStore(target.path, make !== null && make.known !== true);
  if (s3 !== null) return openBucketStore(s3, target.bucket, target.folder);
  throw new AppError(
    'invalid',
    'Backups in a bucket need the address and the secret of the store: set s3.url and s3.secret.',
  );
}

function createPlace(
  store: Store,
  crypt: Crypt | null,
  about: { instance: string; origin: string },
): BackupPlace {
  const open = (path: string) => {
    const pieces = store.read(path);
    return crypt === null ? pieces : crypt.decrypt(pieces);
  };
  const save = (path: string, pieces: AsyncIterable<Uint8Array>) =>
    store.write(path, crypt === null ? pieces : crypt.encrypt(pieces));
  return {
    ...about,
    kind: store.kind,
    label: store.label,
    encrypted: crypt !== null,
    mediaPath: (sha256) => {
      const id = crypt === null ? sha256 : crypt.nameOf(sha256);
      return `media/${id.slice(0, 2)}/${id}`;
    },
    storedBytes: (bytes) => crypt?.encryptedBytes(bytes) ?? bytes,
    list: (prefix) => store.list(prefix),
    size: (path) => store.size(path),
    put: async (path, localFile, { expected, link } = {}) => {
      if (!existsSync(localFile)) {
        throw new AppError('not_found', `${localFile} is not there.`);
      }
      const seen = { bytes: 0, sha256: '' };
      const source = () => readExpected(localFile, seen, expected);
      if (link === true && crypt === null && store.sharesDiskWith(localFile)) {
        for await (const _ of source());
        if (await store.link(path, localFile)) return seen;
      }
      await save(path, source());
      return seen;
    },
    putPieces: (path, pieces) => save(path, pieces),
    write: (path, bytes) => save(path, onePiece(bytes)),
    get: (path, toLocal, { maxBytes }) => saveLocally(limitPieces(open(path), maxBytes), toLocal),
    read: async (path, max) => {
      const parts: Uint8Array[] = [];
      for await (const piece of limitPieces(open(path), max)) parts.push(piece);
      return Buffer.concat(parts);
    },
    hash: (path, { maxBytes }) => hashPieces(limitPieces(open(path), maxBytes)),
    remove: (path) => store.remove(path),
    settle: () => store.settle(),
    tidy: () => store.tidy(),
    freeBytes: () => store.freeBytes(),
    sharesDiskWith: (path) => store.sharesDiskWith(path),
  };
}
