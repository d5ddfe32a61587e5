import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import { randomName, sameSecret, signText } from '#base/core/secrets.ts';
import { findSetting, saveSetting } from '#base/db/settings-queries.ts';

/** What is shown of other servers: photos of posts by media id, pictures of accounts by account id. */
export type RemoteMediaKind = 'photo' | 'avatar' | 'header';
/** `small` fills grids and lists, `large` a page. */
export type RemoteMediaVariant = 'small' | 'large';
export type RemoteMediaRef = { kind: RemoteMediaKind; id: number; variant: RemoteMediaVariant };

const KEY = 'media.secret';
/** 128 bits of the HMAC. */
const SIGNATURE = 22;
const ADDRESS =
  /^remote\/(photo|avatar|header)\/([1-9][0-9]{0,15})\/(small|large)-([\w-]{22})\.webp$/;

const secrets = new WeakMap<Database, string>();

/**
 * Path of our copy of a remote picture (T63): kind, id and variant, signed, so that nobody but our own
 * pages chooses what this server copies. No query and nothing of the other server's address in it.
 */
export function remoteMediaPath(
  ctx: Pick<Context, 'db' | 'now'>,
  kind: RemoteMediaKind,
  id: number,
  variant: RemoteMediaVariant,
): string {
  const ref = `${kind}/${id}/${variant}`;
  return `/media/remote/${ref}-${sign(ctx, ref)}.webp`;
}

/** Reads what stands behind `/media/`; null unless this server signed it, letter for letter. */
export function readRemoteMediaPath(
  ctx: Pick<Context, 'db' | 'now'>,
  name: string,
): RemoteMediaRef | null {
  const found = ADDRESS.exec(name);
  if (found === null) return null;
  const [, kind, digits, variant, signature = ''] = found;
  if (!sameSecret(signature, sign(ctx, `${kind}/${digits}/${variant}`))) return null;
  return {
    kind: kind as RemoteMediaKind,
    id: Number(digits),
    variant: variant as RemoteMediaVariant,
  };
}

function sign(ctx: Pick<Context, 'db' | 'now'>, ref: string): string {
  return signText(readSecret(ctx), ref).slice(0, SIGNATURE);
}

// Kept in the settings: addresses in pages that are open must survive a restart.
function readSecret(ctx: Pick<Context, 'db' | 'now'>): string {
  const known = secrets.get(ctx.db);
  if (known !== undefined) return known;
  let secret = findSetting(ctx.db, KEY);
  if (secret === null) {
    secret = randomName(32);
    saveSetting(ctx.db, KEY, secret, ctx.now());
  }
  // A transaction that is undone takes a fresh secret with it.
  if (!ctx.db.inTransaction) secrets.set(ctx.db, secret);
  return secret;
}
