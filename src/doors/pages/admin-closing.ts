import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readClosing } from '#domain/closing.ts';
import { callOffClosing, confirmClosing } from '#domain/membership/close-instance.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { queueJob } from '#domain/queue-job.ts';
import { readSiteCopy, saveSiteCopy } from '#domain/site-copy.ts';
import { listClosingPeople } from '#doors/archive/people-queries.ts';
import type { SiteCopyState } from '#doors/entities/admin-page-types.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { freshForm, redirectTo, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';
import { demandSession } from './session-only.ts';

const HERE = '/admin/closing';
const MOST_PEOPLE = 500;
const schema = v.object({ closes: formText(), message: formText(), password: formText() });

/** `/admin/closing`: announce the end {closes, message, password}, `/call-off`, and `/copy` what is public. */
export const adminClosing = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-closing' })
    .use(authPlugin(ctx))
    .guard({ admin: true, parse: ['none'] })
    .get(HERE, ({ request, caller, viewer }) =>
      showPage(ctx, request, draw(ctx, viewer), { caller }),
    )
    .post(HERE, async ({ request, caller }) => {
      demandSession(caller);
      const body = await readBody(request);
      try {
        const { closes, message, password } = v.parse(schema, body);
        const closesAt = endOfDay(closes);
        await confirmClosing(ctx, caller.viewer, { closesAt, message, password });
        return redirectTo(ctx, request, HERE, { kind: 'done', text: 'Everybody is being told.' });
      } catch (error) {
        return await showFormAgain(ctx, request, error, typedValues(body), (form) =>
          draw(ctx, caller.viewer, form),
        );
      }
    })
    .post(`${HERE}/call-off`, ({ request, caller }) => {
      demandSession(caller);
      callOffClosing(ctx, caller.viewer);
      return redirectTo(ctx, request, HERE, { kind: 'done', text: 'This place stays open.' });
    })
    .post(`${HERE}/copy`, ({ request }) => {
      transaction(ctx.db, () => {
        saveSiteCopy(ctx, { state: 'working' });
        queueJob(ctx, 'site.copy', {}, { uniqueKey: 'all' });
      });
      return redirectTo(ctx, request, HERE);
    });

function draw(ctx: Context, viewer: Viewer, form: FormState = freshForm()): PageContent {
  const closing = readClosing(ctx);
  const people = closing ? listClosingPeople(ctx.db, closing.announcedAt, MOST_PEOPLE) : [];
  return {
    page: 'admin',
    title: 'Admin',
    props: {
      section: 'closing',
      owner: viewer.role === 'owner',
      people: people.map((row) => ({ ...row, archive: row.archive ?? 'none' })),
      copy: copyOf(ctx),
      form,
    },
  };
}

function copyOf(ctx: Context): SiteCopyState {
  if (isClosed(ctx)) return { state: 'closed' };
  const copy = readSiteCopy(ctx);
  if (copy === null) return { state: 'none' };
  return copy.state === 'done' ? { ...copy, at: new Date(copy.at).toISOString() } : copy;
}

/** The last moment of a day, in the time of the server. */
function endOfDay(day: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day)
    ? new Date(`${day}T23:59:59.999`).getTime()
    : Number.NaN;
  if (Number.isNaN(at)) {
    const sentence = 'Choose a day.';
    throw new AppError('invalid', sentence, { fields: { closes: sentence } });
  }
  return at;
}
