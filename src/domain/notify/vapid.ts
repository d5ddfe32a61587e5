import { createECDH } from 'node:crypto';
import type { Context } from '#base/context.ts';
import { findSetting, saveSetting } from '#base/db/settings-queries.ts';

/** By what push services know this server (RFC 8292): a P-256 pair in URL-safe base 64. */
export type VapidKeys = { publicKey: string; privateKey: string };

const KEY = 'push.vapid';

/** This server's pair for web push; made at the first start and never changed, since subscriptions hang on it. */
export function readVapid(ctx: Pick<Context, 'db' | 'now'>): VapidKeys {
  const stored = findSetting(ctx.db, KEY);
  if (stored !== null) return JSON.parse(stored) as VapidKeys;
  const pair = createECDH('prime256v1');
  const publicKey = pair.generateKeys().toString('base64url');
  // The number may be shorter than its 32 bytes.
  const privateKey = Buffer.alloc(32);
  const number = pair.getPrivateKey();
  number.copy(privateKey, 32 - number.length);
  const keys = { publicKey, privateKey: privateKey.toString('base64url') };
  saveSetting(ctx.db, KEY, JSON.stringify(keys), ctx.now());
  return keys;
}
