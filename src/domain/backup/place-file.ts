import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { type Crypt, makeKeyFile, openKeyFile } from './crypt.ts';
import { limitPieces, onePiece } from './pieces.ts';
import { plainWord } from './plain-word.ts';
import type { Store } from './store.ts';

const PLACE_FILE = 'tintype-backups.json';
const KEY_FILE = 'key.age';
const SMALL = 10_000;

const schema = v.object({
  format: v.literal(1),
  /** Random, kept in the database: whose backups these are. */
  instance: v.pipe(v.string(), v.minLength(8), v.maxLength(100)),
  origin: plainWord,
  encrypted: v.boolean(),
});
type About = v.InferOutput<typeof schema>;
/** Whose place a fresh one becomes; `known`: it cannot be fresh, because there were backups in it. */
export type PlaceMaker = { instance: string; origin: string; known?: boolean };
type Opened = { about: About; crypt: Crypt | null };

/**
 * Reads whose backups a place holds and opens its key; with `make` an empty place becomes theirs.
 * The key is written before the file that makes the place one, so a crash between leaves it empty.
 */
export async function readOrMakePlace(
  store: Store,
  passphrase: string | null,
  make: PlaceMaker | null,
): Promise<Opened> {
  const known = await readAbout(store);
  if (known !== null) return openKnown(store, known, passphrase, make);
  if (make === null) {
    await requireEmpty(store);
    throw new AppError('not_found', `There are no backups in ${store.label}.`);
  }
  if (make.known === true) {
    throw new AppError(
      'unavailable',
      `There were backups in ${store.label}, and now there are none: is the disk connected? If they are gone for good, begin anew with "tintype backup create --anew".`,
    );
  }
  await requireEmpty(store);
  const key = passphrase === null ? null : await makeKeyFile(passphrase);
  if (key !== null) await store.write(KEY_FILE, onePiece(key));
  await store.settle();
  const { instance, origin } = make;
  const about: About = { format: 1, instance, origin, encrypted: key !== null };
  await store.write(PLACE_FILE, onePiece(toBytes(`${JSON.stringify(about, null, 2)}\n`)));
  await store.settle();
  const crypt =
    key === null || passphrase === null ? null : await openKeyFile(key, passphrase, store.label);
  return { about, crypt };
}

async function openKnown(
  store: Store,
  about: About,
  passphrase: string | null,
  make: { instance: string } | null,
): Promise<Opened> {
  if (make !== null && make.instance !== about.instance) {
    throw new AppError(
      'conflict',
      `The backups in ${store.label} are those of another Tintype (${about.origin}). Choose another place for these, like a folder in it.`,
    );
  }
  if (!about.encrypted) {
    // To read them no passphrase is needed; new ones must be what was asked for.
    if (make === null || passphrase === null) return { about, crypt: null };
    throw new AppError(
      'conflict',
      `The backups in ${store.label} are not encrypted, and a passphrase is set (backup.passphrase). Choose a fresh place for encrypted ones.`,
    );
  }
  if (passphrase === null) {
    throw new AppError(
      'forbidden',
      `The backups in ${store.label} are encrypted; give their passphrase (backup.passphrase).`,
    );
  }
  const key = await readSmall(store, KEY_FILE);
  if (key === null) {
    throw new AppError(
      'invalid',
      `The key file of ${store.label} is missing (${KEY_FILE}); without it nobody can read these backups. Look for a copy of it.`,
    );
  }
  return { about, crypt: await openKeyFile(key, passphrase, store.label) };
}

async function readAbout(store: Store): Promise<About | null> {
  const bytes = await readSmall(store, PLACE_FILE);
  if (bytes === null) return null;
  try {
    return v.parse(schema, JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (error) {
    throw new AppError(
      'invalid',
      `${store.label} holds backups that this version cannot read (${PLACE_FILE}).`,
      { cause: error },
    );
  }
}

async function readSmall(store: Store, path: string): Promise<Uint8Array | null> {
  const size = await store.size(path);
  if (size === null) return null;
  const parts: Uint8Array[] = [];
  for await (const piece of limitPieces(store.read(path), SMALL)) parts.push(piece);
  return Buffer.concat(parts);
}

/** Without its file a place is not fresh while backups lie in it: they might be another's. */
async function requireEmpty(store: Store): Promise<void> {
  for await (const entry of store.list('snapshots/')) {
    throw new AppError(
      'conflict',
      `There are backups in ${store.label} (${entry.path}), but ${PLACE_FILE} is missing. Put it back, or choose another place.`,
    );
  }
}

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
