import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'valibot';
import { startImport } from '#doors/archive/import-change.ts';
import { type ImportOptions, optionsSchema } from '#doors/archive/import-options.ts';
import {
  countItems,
  findImport,
  type ImportRow,
  type ItemRow,
  listItems,
} from '#doors/archive/import-queries.ts';
import { adoptFile } from '#doors/archive/import-upload.ts';
import { workImport } from '#doors/archive/import-work.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { sharp } from '#test/harness/pictures.ts';

/** Everything that a person may choose. */
export const all: ImportOptions = {
  ...parse(optionsSchema, {}),
  visibility: 'public',
  textPosts: true,
  people: true,
  lists: true,
  profile: true,
};

const never = new AbortController().signal;

/** A folder for archives that tests make. */
export function archiveFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-archives-'));
  return {
    write: (name: string, data: Buffer | string) => {
      const path = join(folder, name);
      writeFileSync(path, data);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A small JPEG; another one for each number. */
export function photo(n: number): Promise<Buffer> {
  const background = { r: (n * 37) % 256, g: (n * 91) % 256, b: (n * 13) % 256 };
  return sharp({ create: { width: 24, height: 16, channels: 3, background } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Reads a file as an import of somebody, without taking anything in. */
export async function readFile(app: TestApp, person: Person, path: string): Promise<ImportRow> {
  const fileName = path.split('/').pop() ?? '';
  const row = await adoptFile(app.ctx, person.viewer, path, {
    fileName,
    ours: false,
    queue: false,
  });
  await workImport(app.ctx, row.id, never, 60_000);
  return again(app, row);
}

/** Reads a file and takes it in. */
export async function takeFile(
  app: TestApp,
  person: Person,
  path: string,
  options: Partial<ImportOptions> = {},
): Promise<ImportRow> {
  const row = await readFile(app, person, path);
  if (row.state !== 'read') return row;
  startImport(app.ctx, person.viewer, row.id, { ...all, ...options }, false);
  return await goOn(app, row);
}

/** Works until there is nothing more to do. */
export async function goOn(app: TestApp, row: ImportRow): Promise<ImportRow> {
  while ((await workImport(app.ctx, row.id, never, 60_000)) !== null);
  return again(app, row);
}

/** The row as it is now. */
export function again(app: TestApp, { id }: ImportRow): ImportRow {
  const row = findImport(app.ctx.db, id);
  if (row === null) throw new Error('The import is gone.');
  return row;
}

/** The lines of its report. */
export function itemsOf(app: TestApp, { id }: ImportRow): ItemRow[] {
  return listItems(app.ctx.db, id, { after: 0, limit: 10_000, troubled: false });
}

/** How many items of each kind ended how, like `post done`. */
export function tally(app: TestApp, { id }: ImportRow): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { kind, outcome, count } of countItems(app.ctx.db, id)) {
    const key = `${kind} ${outcome}`;
    sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

type Stored = {
  id: number;
  caption: string;
  captionHtml: string;
  visibility: string;
  publishedAt: number;
  accountId: number;
  photos: number;
};

/** The posts of a person, oldest first. */
export function postsOf(app: TestApp, person: Person): Stored[] {
  return app.ctx.db
    .query<Stored, { id: number }>(
      `SELECT id, caption, caption_html AS captionHtml, visibility, published_at AS publishedAt,
         account_id AS accountId, media_count AS photos
       FROM posts WHERE account_id = $id ORDER BY id`,
    )
    .all({ id: person.viewer.id });
}
