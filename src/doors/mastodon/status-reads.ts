import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { listCommentIds } from '#domain/posts/list-comment-ids.ts';
import { listAncestorIds } from '#domain/posts/reading.ts';
import { statusEditsJson } from '#doors/entities/status-edits.ts';
import { fetchThread } from '#doors/federation/remote/fetch-thread.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { jsonText } from '#doors/http/json-text.ts';
import { listText, ownStatusOr404, statusOr404 } from './answers.ts';

/** What belongs to a post: its comments, its history, its text. */
export const statusReads = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.status-reads' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/statuses/:id/context',
      ({ request, params, viewer }) => {
        const status = statusOr404(ctx, request, viewer, parseId(params.id));
        const id = Number(status.id);
        if (viewer !== null && !status.account.local) fetchThread(ctx, id);
        const ancestors = listText(ctx, viewer, listAncestorIds(ctx, viewer, id), 'thread');
        const descendants = listText(ctx, viewer, listCommentIds(ctx, viewer, id), 'thread');
        return jsonText(`{"ancestors":${ancestors},"descendants":${descendants}}`);
      },
      { caller: 'read:statuses', parse: 'none' },
    )
    .get(
      '/api/v1/statuses/:id/history',
      ({ request, params, viewer }) =>
        Response.json(statusEditsJson(ctx, statusOr404(ctx, request, viewer, parseId(params.id)))),
      { caller: 'read:statuses', parse: 'none' },
    )
    .get(
      '/api/v1/statuses/:id/source',
      ({ request, params, viewer }) => {
        const { status } = ownStatusOr404(ctx, request, viewer, parseId(params.id));
        return Response.json({
          id: status.id,
          text: status.content_text ?? '',
          spoiler_text: status.spoiler_text,
        });
      },
      { signedIn: 'read:statuses', parse: 'none' },
    );
