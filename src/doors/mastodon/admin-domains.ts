import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { findRule, listRules, type RuleRow } from '#domain/policy/queries.ts';
import { removeRule } from '#domain/policy/remove-rule.ts';
import { readRuleDomain, setRule } from '#domain/policy/set-rule.ts';
import { adminAllowJson, adminBlockJson, ruleId } from '#doors/entities/admin.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { parseInput, textField } from '#doors/http/fields.ts';
import { linkHeader, readPage } from '#doors/http/links.ts';
import { asAdmin } from './admin-guard.ts';

const LONG = 5000;
const words = {
  severity: v.nullish(v.picklist(['silence', 'suspend', 'noop'], 'must be silence or suspend')),
  public_comment: v.nullish(textField(LONG)),
  private_comment: v.nullish(textField(LONG)),
};

/** What POST and PUT /api/v1/admin/domain_blocks take. */
export const domainBlockSchema = v.object({ domain: textField(LONG), ...words });
const changeSchema = v.object(words);
/** What POST /api/v1/admin/domain_allows takes. */
export const domainAllowSchema = v.object({ domain: textField(LONG) });

type Kind = 'blocks' | 'allows';

/** With which servers is spoken less, or not at all, or alone (docs.joinmastodon.org/methods/admin/domain_blocks). */
export const adminDomainsApi = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.admin-domains' })
    .use(authPlugin(ctx))
    .get('/api/v1/admin/domain_blocks', list(ctx, 'blocks'), reads('blocks'))
    .get('/api/v1/admin/domain_allows', list(ctx, 'allows'), reads('allows'))
    .get('/api/v1/admin/domain_blocks/:id', show(ctx, 'blocks'), reads('blocks'))
    .get('/api/v1/admin/domain_allows/:id', show(ctx, 'allows'), reads('allows'))
    .delete('/api/v1/admin/domain_blocks/:id', remove(ctx, 'blocks'), writes('blocks'))
    .delete('/api/v1/admin/domain_allows/:id', remove(ctx, 'allows'), writes('allows'))
    .post(
      '/api/v1/admin/domain_blocks',
      async ({ request, viewer }) => {
        asAdmin(viewer);
        const said = parseInput(domainBlockSchema, await readBody(request));
        const before = findRule(ctx.db, readRuleDomain(ctx, said.domain));
        if (before !== null && before.rule !== 'allow') {
          throw new AppError('invalid', 'Validation failed: domain: is blocked or limited already');
        }
        const rule = ruleOfSeverity(said.severity ?? 'silence');
        return Response.json(
          adminBlockJson(setRule(ctx, viewer.id, { domain: said.domain, rule, ...wordsOf(said) })),
        );
      },
      writes('blocks'),
    )
    .put(
      '/api/v1/admin/domain_blocks/:id',
      async (asked) => {
        asAdmin(asked.viewer);
        const known = find(ctx, asked, 'blocks');
        const said = parseInput(changeSchema, await readBody(asked.request));
        const rule = said.severity ? ruleOfSeverity(said.severity) : known.rule;
        const { domain } = known;
        return Response.json(
          adminBlockJson(setRule(ctx, asked.viewer.id, { domain, rule, ...wordsOf(said) })),
        );
      },
      writes('blocks'),
    )
    .post(
      '/api/v1/admin/domain_allows',
      async ({ request, viewer }) => {
        asAdmin(viewer);
        const { domain } = parseInput(domainAllowSchema, await readBody(request));
        return Response.json(adminAllowJson(setRule(ctx, viewer.id, { domain, rule: 'allow' })));
      },
      writes('allows'),
    );

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = (kind: Kind) => ({ signedIn: `admin:read:domain_${kind}`, parse: 'none' }) as const;
const writes = (kind: Kind) => ({ signedIn: `admin:write:domain_${kind}`, parse: 'none' }) as const;

type Asked = { request: Request; params: { id: string }; viewer: Viewer };

function rulesOf(ctx: Context, kind: Kind): RuleRow[] {
  return listRules(ctx.db).filter((rule) => (rule.rule === 'allow') === (kind === 'allows'));
}

function find(ctx: Context, { request, params }: Asked, kind: Kind): RuleRow {
  const rule = rulesOf(ctx, kind).find((each) => ruleId(each.domain) === params.id);
  if (!rule) throw notFound(request);
  return rule;
}

function json(kind: Kind, rule: RuleRow) {
  return kind === 'blocks' ? adminBlockJson(rule) : adminAllowJson(rule);
}

const show =
  (ctx: Context, kind: Kind) =>
  (asked: Asked): Response => {
    asAdmin(asked.viewer);
    return Response.json(json(kind, find(ctx, asked, kind)));
  };

const remove =
  (ctx: Context, kind: Kind) =>
  (asked: Asked): Response => {
    asAdmin(asked.viewer);
    removeRule(ctx, find(ctx, asked, kind).domain);
    return Response.json({});
  };

/** By name; the next page begins after the rule that `max_id` names. */
const list =
  (ctx: Context, kind: Kind) =>
  ({ request, viewer }: { request: Request; viewer: Viewer }): Response => {
    asAdmin(viewer);
    const page = readPage(readQuery(request), { default: 100, max: 200 });
    const rules = rulesOf(ctx, kind);
    const last = rules.findIndex((rule) => ruleId(rule.domain) === String(page.maxId));
    const shown = rules.slice(last + 1, last + 1 + page.limit);
    const ids = shown.map((rule) => Number(ruleId(rule.domain)));
    // Only onwards: there is no way back in a list that is not by number.
    const link = linkHeader(ctx, request, page, ids)?.match(/^<[^>]+>; rel="next"/)?.[0] ?? null;
    return Response.json(
      shown.map((rule) => json(kind, rule)),
      link === null ? {} : { headers: { link } },
    );
  };

function ruleOfSeverity(severity: 'silence' | 'suspend' | 'noop'): 'block' | 'limit' {
  if (severity === 'suspend') return 'block';
  if (severity === 'silence') return 'limit';
  throw new AppError('invalid', 'Validation failed: severity: noop is not possible here');
}

function wordsOf(said: {
  public_comment?: string | null | undefined;
  private_comment?: string | null | undefined;
}): { reason?: string; note?: string } {
  return {
    ...(typeof said.public_comment === 'string' ? { reason: said.public_comment } : {}),
    ...(typeof said.private_comment === 'string' ? { note: said.private_comment } : {}),
  };
}
