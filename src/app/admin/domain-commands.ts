import * as v from 'valibot';
import { exportRules } from '#domain/policy/export-rules.ts';
import { importRules } from '#domain/policy/import-rules.ts';
import { listRules } from '#domain/policy/queries.ts';
import { removeRule } from '#domain/policy/remove-rule.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { command } from './command.ts';

const rule = v.picklist(['block', 'limit', 'allow']);

/** What can be done with rules for other servers; `text` is a list, `fallback` for lines without a severity. */
export const domainCommands = {
  'domain.list': command(v.object({}), ({ ctx }) => listRules(ctx.db)),
  'domain.set': command(
    v.object({
      domain: v.string(),
      rule,
      reason: v.optional(v.string()),
      note: v.optional(v.string()),
    }),
    ({ ctx }, { domain, rule, reason, note }) =>
      setRule(ctx, null, {
        ...{ domain, rule },
        ...(reason === undefined ? {} : { reason }),
        ...(note === undefined ? {} : { note }),
      }),
  ),
  'domain.remove': command(v.object({ domain: v.string() }), ({ ctx }, { domain }) =>
    removeRule(ctx, domain),
  ),
  'domain.import': command(v.object({ text: v.string(), fallback: rule }), ({ ctx }, input) =>
    importRules(ctx, null, input),
  ),
  'domain.export': command(
    v.object({ what: v.picklist(['blocks', 'allowed']) }),
    ({ ctx }, input) => exportRules(ctx, input.what),
  ),
};
