import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { statusEditsJson } from '#doors/entities/status-edits.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { showPage } from '#doors/http/html.ts';
import { findPagePost, postParams } from './find-profile.ts';

/** `/@name/ID/history`: what a post has said, the newest first. */
export const history = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.history' }).use(authPlugin(ctx)).get(
    '/@:name/:id/history',
    ({ request, params, caller, viewer }) => {
      const post = findPagePost(ctx, request, viewer, params);
      const versions = statusEditsJson(ctx, post).map((state) => ({
        at: state.created_at,
        captionHtml: state.content,
        spoiler: state.spoiler_text,
        altTexts: state.tintype.alt_texts,
      }));
      const props = { post, versions: versions.reverse() };
      const head = { noindex: true };
      return showPage(ctx, request, { page: 'history', title: 'History', props, head }, { caller });
    },
    { caller: 'read:statuses', parse: 'none', params: postParams },
  );
