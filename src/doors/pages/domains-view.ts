import type { Context } from '#base/context.ts';
import { federationPolicy } from '#domain/federate.ts';
import { countRules, listRulesAfter } from '#domain/policy/queries.ts';
import type { AdminPage, FormState } from '#doors/entities/page-types.ts';
import { freshForm } from '#doors/http/forms.ts';
import type { PageContent } from '#doors/render/page-content.ts';

type Skipped = Extract<AdminPage, { section: 'domains' }>['skipped'];

/** Rules on one page. */
const PAGE = 100;
/** A list that is no list would fill the page. */
const MOST_SKIPPED = 50;

/** `/admin/domains` as it is now, from a name on; with what an import left out. */
export function drawDomains(
  ctx: Context,
  {
    form = freshForm(),
    after = '',
    skipped = [],
  }: { form?: FormState; after?: string; skipped?: Skipped } = {},
): PageContent {
  const rows = listRulesAfter(ctx.db, after, PAGE + 1);
  const shown = rows.slice(0, PAGE);
  const last = shown.at(-1)?.domain ?? '';
  return {
    page: 'admin',
    title: 'Admin',
    props: {
      section: 'domains',
      speaksWith: federationPolicy(ctx),
      domains: shown.map(({ domain, rule, reason, note, createdAt }) => ({
        ...{ domain, rule, reason, note },
        createdAt: new Date(createdAt).toISOString(),
      })),
      counts: countRules(ctx.db),
      next: rows.length > PAGE ? `/admin/domains?after=${encodeURIComponent(last)}` : null,
      skipped: skipped.slice(0, MOST_SKIPPED),
      form,
    },
  };
}
