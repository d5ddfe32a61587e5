import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { sameSecret, signText } from '#base/core/secrets.ts';
import { findTokenViewer } from '#domain/accounts/token-viewer-queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { cookieSecret } from './secret.ts';

/** 128 bits of the HMAC. */
const SIGNATURE = 22;
const KEYED = /^as\/([0-9]{1,16})-([\w-]{22})\/(.+)$/;

/**
 * The part of a media address that stands for an app: `as/<token id>-<signature>/`. Apps load pictures
 * without their token, so the address itself must say for whom; it ends with the token.
 */
export function mediaKey(ctx: Pick<Context, 'db' | 'now'>, tokenId: number): string {
  return `as/${tokenId}-${sign(ctx, tokenId)}/`;
}

/** Reads what stands behind `/media/`: who asks and for what; null if it bears no key of an app that lives. */
export function readMediaKey(
  ctx: Pick<Context, 'db' | 'now'>,
  name: string,
): { viewer: Viewer; name: string } | null {
  const [, digits = '', signature = '', rest = ''] = KEYED.exec(name) ?? [];
  const tokenId = parseId(digits);
  if (tokenId === null || !sameSecret(signature, sign(ctx, tokenId))) return null;
  const viewer = findTokenViewer(ctx.db, tokenId, ctx.now());
  return viewer === null ? null : { viewer, name: rest };
}

function sign(ctx: Pick<Context, 'db' | 'now'>, tokenId: number): string {
  return signText(cookieSecret(ctx), `media of token ${tokenId}`).slice(0, SIGNATURE);
}
