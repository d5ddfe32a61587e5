import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { readMeter } from '#domain/storage/meter.ts';
import { type ImportOptions, optionsSchema, readOptions } from '#doors/archive/import-options.ts';
import { type ImportRow, listImports, listItems } from '#doors/archive/import-queries.ts';
import { readReport } from '#doors/archive/import-report.ts';
import { uploadedBytes } from '#doors/archive/import-upload.ts';
import type { ImportLine, ImportPage, ImportView } from '#doors/entities/import-page.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import type { SignedInCaller } from '#doors/http/auth.ts';
import { freshForm } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { formSwitch, formText } from './form-fields.ts';

const RECENT = 20;
const TROUBLES = 20;

const formSchema = v.object({
  visibility: formText(),
  text_posts: formSwitch(),
  people: formSwitch(),
  lists: formSwitch(),
  profile: formSwitch(),
  fetch_from: formText(),
  again: formText(),
});

/** What a form of choices says; with `again` what was chosen before holds. */
export function choicesOf(body: unknown, row: ImportRow): ImportOptions {
  const said = v.parse(formSchema, body);
  const before = readOptions(row.options);
  if (said.again !== '') return before;
  const visibility = v.safeParse(optionsSchema.entries.visibility, said.visibility);
  return {
    ...before,
    visibility:
      said.visibility !== '' && visibility.success ? visibility.output : before.visibility,
    textPosts: said.text_posts === true,
    people: said.people === true || row.format === 'csv',
    lists: said.lists === true,
    profile: said.profile === true,
    fetchFrom: said.fetch_from === '' ? null : said.fetch_from,
  };
}

/** Shows an import, or the place where they begin. */
export async function showImport(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  row: ImportRow | null,
): Promise<Response> {
  const view = await viewOf(ctx, row);
  return await showPage(ctx, request, draw(ctx, caller, row, view, freshForm()), { caller });
}

/** The same after a mistake. */
export async function showImportAgain(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  row: ImportRow | null,
  error: unknown,
): Promise<Response> {
  const view = await viewOf(ctx, row);
  return await showFormAgain(ctx, request, error, {}, (form) => draw(ctx, caller, row, view, form));
}

function draw(
  ctx: Context,
  caller: SignedInCaller,
  row: ImportRow | null,
  view: ImportView | null,
  form: FormState,
): PageContent {
  const options = readOptions(row?.options ?? '{}');
  const isOwn = row?.format === 'tintype';
  const isFresh = row?.state === 'read';
  const props: ImportPage = {
    recent: listImports(ctx.db, caller.viewer.id, RECENT).map(lineOf),
    view,
    storage: readMeter(ctx, caller.viewer.id),
    form,
    chosen: {
      ...options,
      // Our own archive is taken whole unless somebody chooses otherwise.
      visibility: isFresh && isOwn ? 'public' : options.visibility,
      textPosts: isFresh && isOwn ? true : options.textPosts,
      people: options.people || row?.format === 'csv',
      fetchFrom: options.fetchFrom ?? '',
    },
  };
  return { page: 'import', title: 'Bring photos along', props };
}

function lineOf({ id, state, format, fileName, createdAt }: ImportRow): ImportLine {
  const at = new Date(createdAt).toISOString();
  return { id: String(id), state, format, fileName, createdAt: at };
}

async function viewOf(ctx: Context, row: ImportRow | null): Promise<ImportView | null> {
  if (row === null) return null;
  const { detail, done, total, counts, photos, needed, hosts, odd } = readReport(ctx, row);
  const page = { after: 0, limit: TROUBLES, troubled: true };
  return {
    ...lineOf(row),
    ...{ detail, done, total, counts, photos, needed, hosts, odd },
    offset: await uploadedBytes(ctx, row),
    bytes: row.bytes,
    troubles: listItems(ctx.db, row.id, page).map(({ label, outcome, reason }) => ({
      ...{ label, outcome, reason },
    })),
    hasFile: row.file !== null,
  };
}
