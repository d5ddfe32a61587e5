import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { isFederating } from '#domain/federate.ts';
import { listMediaOfPosts } from '#domain/media/reading.ts';
import { readSeen } from '#domain/posts/interactions.ts';
import { listCommentIds } from '#domain/posts/list-comment-ids.ts';
import { listPinnedIds } from '#domain/posts/pinned-queries.ts';
import { listProfileIds } from '#domain/posts/reading.ts';
import type { PostPage } from '#doors/entities/page-types.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { fetchThread } from '#doors/federation/remote/fetch-thread.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageHead } from '#doors/render/page-content.ts';
import { profilePath } from '#web/client/address.ts';
import { isCovered } from '#web/client/covered.ts';
import { filterPosts } from './filter-posts.ts';
import { findPagePost, findPageStatus, moveTo, pathOf, postParams } from './find-profile.ts';
import { isOpen, postHead, postTitle } from './page-heads.ts';
import { readDeliveryRows } from './read-delivery-rows.ts';
import { isElsewhere, showElsewherePost } from './show-elsewhere.ts';
import { keepForStrangers } from './stranger-cache.ts';

const photoParams = v.object({ ...postParams.entries, index: v.string() });

/** `/@name/ID` and `/@name/ID/photo/N`. */
export const post = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.post' })
    .use(authPlugin(ctx))
    .get(
      '/@:name/:id',
      ({ request, params, caller, viewer }) =>
        keepForStrangers(ctx, request, caller, () => {
          const found = findPageStatus(ctx, request, viewer, params);
          // Apps know a boost by an id of its own.
          if (found.reblog !== null) return moveTo(pathOf(found.reblog));
          if (params.name !== found.account.acct) return moveTo(pathOf(found));
          if (isElsewhere(viewer, found)) return showElsewherePost(ctx, request, caller, found);
          if (!found.account.local) fetchThread(ctx, Number(found.id));
          const content = {
            page: 'post' as const,
            title: postTitle(found),
            props: postPage(ctx, viewer, found),
            ...headOf(ctx, found),
          };
          const cache = isOpen(found) && found.account.local ? 'public' : 'private';
          return showPage(ctx, request, content, { cache, caller });
        }),
      { caller: 'read:statuses', parse: 'none', params: postParams },
    )
    .get(
      '/@:name/:id/photo/:index',
      ({ request, params, caller, viewer }) => {
        const found = findPagePost(ctx, request, viewer, params);
        const index = parseId(params.index);
        if (index === null || index > found.media_attachments.length) throw notFound(request);
        if (isElsewhere(viewer, found)) return showElsewherePost(ctx, request, caller, found);
        if (params.name !== found.account.acct) {
          return moveTo(`${pathOf(found)}/photo/${index}`);
        }
        const covered = isCovered(found) && !cameFromWarning(request);
        const content = {
          page: 'viewer' as const,
          title: postTitle(found),
          props: { post: found, index, covered },
          head: { ...postHead(found), noindex: true },
        };
        const cache = isOpen(found) && (covered || !isCovered(found)) ? 'public' : 'private';
        return showPage(ctx, request, content, { cache, caller });
      },
      { caller: 'read:statuses', parse: 'none', params: photoParams },
    )
    .get(
      '/users/:name/posts/:id',
      ({ request, params, viewer }) => moveTo(pathOf(findPagePost(ctx, request, viewer, params))),
      { caller: 'read:statuses', parse: 'none' },
    );

/** Posts of other servers are found there by search engines, not here; ours say where their document is. */
function headOf(ctx: Context, found: StatusJson): { head?: PageHead } {
  if (!found.account.local) return {};
  const spoken = isFederating(ctx) && isOpen(found);
  return { head: { ...postHead(found), ...(spoken ? { activity: found.uri } : {}) } };
}

/**
 * Our own links past the warning carry `?shown`; such an address that was passed on, or typed, shows
 * the warning again. A browser that does not say where it comes from is believed.
 */
function cameFromWarning(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin';
  return 'shown' in readQuery(request) && site === 'same-origin';
}

function postPage(ctx: Context, viewer: Viewer | null, found: StatusJson): PostPage {
  const id = Number(found.id);
  const own = found.account.id === String(viewer?.id);
  const features = readSeen(ctx, viewer);
  const open = features.comments && (!found.comments_disabled || own);
  const pinned = own && listPinnedIds(ctx.db, Number(found.account.id)).includes(id);
  return {
    post: own ? { ...found, pinned } : found,
    comments: filterPosts(
      ctx,
      viewer,
      'thread',
      statusesByIds(ctx, viewer, listCommentIds(ctx, viewer, id)),
    ),
    own,
    originals: own ? ownOriginals(ctx, id) : {},
    canComment: viewer !== null && open && !found.tintype.archived,
    deliveries: own && isSent(ctx, found) ? readDeliveryRows(ctx, id) : null,
    newerUrl: neighbour(ctx, viewer, found, 'newer'),
    olderUrl: neighbour(ctx, viewer, found, 'older'),
  };
}

/** Whether a post is one that goes to other servers. */
function isSent(ctx: Context, { tintype }: StatusJson): boolean {
  return isFederating(ctx) && tintype.visibility !== 'self' && !tintype.archived;
}

/** Where the author gets what was uploaded; the address is for their session alone. */
function ownOriginals(ctx: Context, postId: number): Record<string, string> {
  const photos = listMediaOfPosts(ctx.db, [postId]).get(postId) ?? [];
  return Object.fromEntries(
    photos.flatMap(({ id, originalBlob }) =>
      originalBlob === null ? [] : [[String(id), `/media/${originalBlob}`]],
    ),
  );
}

/** The next post on the same profile; a comment and an archived post have none. */
function neighbour(
  ctx: Context,
  viewer: Viewer | null,
  found: StatusJson,
  way: 'newer' | 'older',
): string | null {
  if (found.tintype.archived || found.pf_type === 'reply') return null;
  const at = Number(found.id);
  const page = {
    limit: 1,
    maxId: way === 'older' ? at : null,
    minId: way === 'newer' ? at : null,
    sinceId: null,
  };
  const author = Number(found.account.id);
  const [id] = listProfileIds(ctx, viewer, author, page, { onlyMedia: true });
  return id === undefined ? null : `${profilePath(found.account)}/${id}`;
}
