import * as v from 'valibot';
import type { App } from '#app/app.ts';
import { AppError } from '#base/core/errors.ts';
import { findAccountByUsername } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { cancelImport, startImport } from '#doors/archive/import-change.ts';
import { importFormats, listKinds } from '#doors/archive/import-item.ts';
import { optionsSchema } from '#doors/archive/import-options.ts';
import { findImport, listItems } from '#doors/archive/import-queries.ts';
import { readReport } from '#doors/archive/import-report.ts';
import { adoptFile, readOwnImport } from '#doors/archive/import-upload.ts';
import { workImport } from '#doors/archive/import-work.ts';
import { command } from './command.ts';

/** Milliseconds of work between two answers, so that the command line can tell how far it is. */
const TURN = 10_000;
const ITEMS = 1_000;

const id = v.pipe(v.string(), v.regex(/^[0-9]{1,16}$/), v.transform(Number));
const named = v.object({ name: v.string(), id });

/**
 * Imports from the command line: begun, gone on with a turn at a time (the server's own work on it is
 * not disturbed), told item by item.
 */
export const importCommands = {
  'import.begin': command(
    v.object({
      name: v.string(),
      path: v.string(),
      format: v.nullable(v.picklist(importFormats)),
      list: v.nullable(v.picklist(listKinds)),
    }),
    async ({ ctx }, { name, path, format, list }) => {
      const fileName = path.split('/').pop() ?? '';
      const input = { fileName, format, options: { list }, ours: false, queue: false };
      return { id: String((await adoptFile(ctx, owner(ctx, name), path, input)).id) };
    },
  ),
  'import.step': command(named, async (app, { name, id: importId }) => {
    const { ctx } = app;
    const viewer = owner(ctx, name);
    readOwnImport(ctx, viewer, importId);
    const signal = new AbortController().signal;
    const pause = await workImport(ctx, importId, signal, TURN);
    return { pause, ...readReport(ctx, readOwnImport(ctx, viewer, importId)) };
  }),
  'import.start': command(
    v.object({ ...named.entries, options: optionsSchema }),
    ({ ctx }, { name, id: importId, options }) => {
      startImport(ctx, owner(ctx, name), importId, options);
    },
  ),
  'import.items': command(
    v.object({ ...named.entries, after: v.number() }),
    ({ ctx }, { name, id: importId, after }) => {
      readOwnImport(ctx, owner(ctx, name), importId);
      const page = { after, limit: ITEMS, troubled: false };
      return listItems(ctx.db, importId, page).map((item) => ({
        position: item.position,
        kind: item.kind,
        source: item.source,
        label: item.label,
        outcome: item.outcome,
        reason: item.reason,
        post: item.postId === null ? null : String(item.postId),
      }));
    },
  ),
  'import.drop': command(named, async ({ ctx }, { name, id: importId }) => {
    await cancelImport(ctx, owner(ctx, name), importId);
    return { state: findImport(ctx.db, importId)?.state ?? 'cancelled' };
  }),
};

function owner(ctx: App['ctx'], name: string): Viewer {
  const account = findAccountByUsername(ctx.db, name.replace(/^@/, ''));
  if (account === null || account.role === null) {
    throw new AppError('not_found', `There is no account "${name}".`);
  }
  return { id: account.id, username: account.username, role: account.role };
}
