import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { exportRules } from '#domain/policy/export-rules.ts';
import { importRules } from '#domain/policy/import-rules.ts';
import { removeRule } from '#domain/policy/remove-rule.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { redirectTo, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { drawDomains } from './domains-view.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';

const HERE = '/admin/domains';
const picked = v.picklist(['block', 'limit', 'allow']);
const ruleSchema = v.object({
  domain: formText(),
  rule: v.fallback(v.nullable(picked), null),
  reason: formText(),
  note: formText(),
});
const listSchema = v.object({ list: formText(), as: v.fallback(picked, 'block') });
const nameSchema = v.object({ domain: formText() });

const DONE = { block: 'is blocked', limit: 'is limited', allow: 'is allowed' } as const;

/**
 * `/admin/domains?after=`: rules for other servers; POST {domain, rule, reason, note} for one, POST
 * `/remove` {domain}, POST `/import` {list, as}; GET `/blocks.csv` and `/allowed.csv`.
 */
export const adminDomains = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-domains' })
    .use(authPlugin(ctx))
    .guard({ admin: true, parse: ['none'] })
    .get(HERE, ({ request, caller }) => {
      const { after } = readQuery(request);
      const from = typeof after === 'string' ? { after } : {};
      return showPage(ctx, request, drawDomains(ctx, from), { caller });
    })
    .get(`${HERE}/blocks.csv`, () => csv('blocks.csv', exportRules(ctx, 'blocks')))
    .get(`${HERE}/allowed.csv`, () => csv('allowed.csv', exportRules(ctx, 'allowed')))
    .post(HERE, async ({ request, viewer }) => {
      const body = await readBody(request);
      try {
        const { rule, ...words } = v.parse(ruleSchema, body);
        if (rule === null) throw noChoice();
        const made = setRule(ctx, viewer.id, { ...words, rule });
        const text = `${made.domain} ${DONE[made.rule]}.`;
        return redirectTo(ctx, request, HERE, { kind: 'done', text });
      } catch (error) {
        return await formAgain(ctx, request, error, body);
      }
    })
    .post(`${HERE}/remove`, async ({ request }) => {
      const { domain } = v.parse(nameSchema, await readBody(request));
      removeRule(ctx, domain);
      const text = `There is no rule for ${domain} any more.`;
      return redirectTo(ctx, request, HERE, { kind: 'done', text });
    })
    .post(`${HERE}/import`, async ({ request, viewer, caller }) => {
      const body = await readBody(request);
      try {
        const { list, as } = v.parse(listSchema, body);
        const done = await importRules(ctx, viewer.id, { text: list, fallback: as });
        if (done.skipped.length > 0) {
          const page = drawDomains(ctx, { skipped: done.skipped });
          return await showPage(ctx, request, page, { caller });
        }
        const text = `${done.added} added, ${done.tightened} blocked that were limited, ${done.kept} kept as they were.`;
        return redirectTo(ctx, request, HERE, { kind: 'done', text });
      } catch (error) {
        return await formAgain(ctx, request, error, body);
      }
    });

function formAgain(
  ctx: Context,
  request: Request,
  error: unknown,
  body: Readonly<Record<string, unknown>>,
): Promise<Response> {
  return showFormAgain(ctx, request, error, typedValues(body), (form) =>
    drawDomains(ctx, { form }),
  );
}

function noChoice(): AppError {
  const problem = 'Choose what happens.';
  return new AppError('invalid', problem, { fields: { rule: problem } });
}

function csv(name: string, text: string): Response {
  return new Response(text, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store',
    },
  });
}
