import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { foldTag, parseCaption } from './caption.ts';
import { saveTag, type TagRow } from './followed-tag-queries.ts';

/** A hashtag as somebody writes it, with or without `#`. Throws `not_found` for what could be on no post. */
export function readTagName(text: string): { name: string; display: string } {
  const display = text.trim().replace(/^[#＃]/u, '');
  const [part, ...rest] = parseCaption(`#${display}`);
  if (part?.kind !== 'tag' || rest.length > 0) throw new AppError('not_found', 'Record not found');
  return { name: foldTag(display), display };
}

/** The row of such a tag, made if nobody used it yet. */
export function needTag(ctx: Pick<Context, 'db' | 'newId' | 'now'>, text: string): TagRow {
  return saveTag(ctx.db, { ...readTagName(text), id: ctx.newId(), now: ctx.now() });
}
