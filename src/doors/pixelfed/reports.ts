import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { fileReport } from '#domain/moderation/file-report.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { idField, parseInput } from '#doors/http/fields.ts';
import { seenAccount } from './seen.ts';

/** Pixelfed's reasons, and the kinds that admins sort by. */
const KINDS = {
  spam: 'spam',
  scam: 'spam',
  copyright: 'legal',
  terrorism: 'legal',
  underage: 'violation',
  sensitive: 'violation',
  abusive: 'violation',
  violence: 'violation',
  impersonation: 'violation',
} as const;
const REASONS = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** What POST /api/v1.1/report takes. */
export const pixelfedReportSchema = v.object({
  object_id: idField(),
  object_type: v.picklist(['user', 'post', 'story'], 'must be user, post or story'),
  report_type: v.picklist(REASONS, 'is not known'),
});

/** Tells the admins of an account or a post, as Pixelfed's apps do. */
export const reportsApi = (ctx: Context): AnyElysia => {
  const file = async ({ request, viewer }: { request: Request; viewer: Viewer }) => {
    const said = parseInput(pixelfedReportSchema, await readBody(request));
    const { targetId, postIds } = findTarget(ctx, request, viewer, said);
    if (targetId === viewer.id) throw new AppError('invalid', 'You cannot report yourself.');
    fileReport(ctx, {
      reporterId: viewer.id,
      reporterDomain: null,
      targetId,
      postIds,
      comment: said.report_type,
      category: KINDS[said.report_type],
    });
    return Response.json({ msg: 'Successfully sent report', code: 200 });
  };
  return new Elysia({ name: 'pixelfed.reports' })
    .use(authPlugin(ctx))
    .post('/api/v1.1/report', file, writes())
    .post('/api/pixelfed/v1/report', file, writes());
};

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const writes = () => ({ signedIn: 'write:reports', parse: 'none' }) as const;

function findTarget(
  ctx: Context,
  request: Request,
  viewer: Viewer,
  said: v.InferOutput<typeof pixelfedReportSchema>,
): { targetId: number; postIds: number[] } {
  if (said.object_type === 'user') {
    return { targetId: seenAccount(ctx, request, viewer, said.object_id).id, postIds: [] };
  }
  const [status] = said.object_type === 'post' ? statusesByIds(ctx, viewer, [said.object_id]) : [];
  const post = status?.reblog ?? status;
  if (!post) throw notFound(request);
  return { targetId: Number(post.account.id), postIds: [Number(post.id)] };
}
