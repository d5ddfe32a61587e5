import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { editPost } from '#domain/posts/edit.ts';
import { readOwnPost } from '#domain/posts/reading.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { freshForm, redirectTo, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { findOwnPagePost, pathOf, postParams } from './find-profile.ts';
import { showFormAgain } from './form-again.ts';
import { altOf, formValuesOf, readPostForm } from './post-form.ts';
import { settingsLimits } from './settings-limits.ts';

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const route = () => ({ signedIn: 'write:statuses', parse: 'none', params: postParams }) as const;

/** `/@name/ID/edit`: the words of a post and of its photos. */
export const editPostPage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.edit-post' })
    .use(authPlugin(ctx))
    .get(
      '/@:name/:id/edit',
      ({ request, params, caller, viewer }) => {
        const post = findOwnPagePost(ctx, request, viewer, params);
        const values = formValuesOf(post, readOwnPost(ctx, viewer, Number(post.id)));
        const content = editPage(ctx, viewer, post, freshForm(values));
        return showPage(ctx, request, content, { caller });
      },
      route(),
    )
    .post(
      '/@:name/:id/edit',
      async ({ request, params, viewer }) => {
        const post = findOwnPagePost(ctx, request, viewer, params);
        const body = await readBody(request);
        try {
          const photos = post.media_attachments.flatMap((photo, at) => {
            const description = altOf(body, at + 1);
            return description === undefined ? [] : [{ id: Number(photo.id), description }];
          });
          editPost(ctx, viewer, Number(post.id), { ...readPostForm(body), photos });
          return redirectTo(ctx, request, pathOf(post), { kind: 'done', text: 'Saved.' });
        } catch (error) {
          const values = typedValues(body);
          return await showFormAgain(ctx, request, error, values, (form) =>
            editPage(ctx, viewer, post, form),
          );
        }
      },
      route(),
    );

function editPage(ctx: Context, viewer: Viewer, post: StatusJson, form: FormState): PageContent {
  const props = { post, limits: settingsLimits(ctx, viewer.id), form };
  return { page: 'edit', title: 'Edit post', props };
}
