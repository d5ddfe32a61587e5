import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { deleteNote, saveNote } from './note-queries.ts';

/** Keeps what the viewer notes about an account, for their own eyes; an empty text forgets it. */
export function noteAccount(
  ctx: Pick<Context, 'db'>,
  viewer: Pick<Viewer, 'id'>,
  targetId: number,
  text: string,
): void {
  const of = { accountId: viewer.id, targetId };
  if (text === '') deleteNote(ctx.db, of);
  else saveNote(ctx.db, { ...of, text });
}
