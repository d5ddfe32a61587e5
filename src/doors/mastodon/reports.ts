import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { fileReport } from '#domain/moderation/file-report.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { dateTime } from '#doors/entities/dates.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { flagField, idField, listField, parseInput, textField } from '#doors/http/fields.ts';
import { accountById } from './accounts.ts';

export const reportSchema = v.object({
  account_id: idField(),
  status_ids: v.optional(listField(idField(), 100), []),
  comment: v.nullish(textField(5000)),
  category: v.nullish(textField(20)),
  forward: v.nullish(flagField()),
});

/** Tells the admins of an account, and on wish its own server (docs.joinmastodon.org/methods/reports). */
export const reports = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.reports' }).use(authPlugin(ctx)).post(
    '/api/v1/reports',
    async ({ request, viewer }) => {
      const said = parseInput(reportSchema, await readBody(request));
      const target = accountById(ctx, request, viewer, String(said.account_id));
      const comment = said.comment ?? '';
      const category = said.category || 'other';
      const id = fileReport(ctx, {
        reporterId: viewer.id,
        reporterDomain: null,
        targetId: target.id,
        postIds: said.status_ids,
        comment,
        category,
        forward: said.forward === true,
      });
      return Response.json({
        id: String(id),
        action_taken: false,
        action_taken_at: null,
        category,
        comment,
        forwarded: said.forward === true && target.uri !== null,
        created_at: dateTime(ctx.now()),
        status_ids: said.status_ids.map(String),
        rule_ids: [],
        target_account: accountsJson(ctx, [target])[0],
      });
    },
    { signedIn: 'write:reports', parse: 'none' },
  );
