import type { Context } from '#base/context.ts';
import { readChangeStamp } from '#base/db/watch-changes.ts';

/** Texts that are remembered; one has up to a few hundred kilobytes. */
const MOST = 40;
const MINUTE = 60_000;

type Memory = { stamp: string; texts: Map<string, string> };
const memories = new WeakMap<Context, Memory>();

/**
 * A text that is made of the database, by a key that names what it is and for whom. Apps ask again and
 * again while nothing happens: it is remembered until anything at all is written, and no longer
 * than the minute, since mutes end by themselves.
 */
export function rememberText(ctx: Context, key: string, build: () => string): string {
  const stamp = `${readChangeStamp(ctx.db)}-${Math.floor(ctx.now() / MINUTE)}`;
  let memory = memories.get(ctx);
  if (memory?.stamp !== stamp || memory.texts.size >= MOST) {
    memory = { stamp, texts: new Map() };
    memories.set(ctx, memory);
  }
  const known = memory.texts.get(key);
  if (known !== undefined) return known;
  const text = build();
  memory.texts.set(key, text);
  return text;
}
