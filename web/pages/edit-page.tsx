import type { EditPostPage, Shell } from '#doors/entities/page-types.ts';
import { postPath } from '#web/client/address.ts';
import { Button, ButtonLink } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { Photo } from '#web/components/photo.tsx';
import { fallbackAlt } from '#web/components/photo-link.tsx';
import { PostFields } from '#web/components/post-fields.tsx';
import { composing as words } from '#web/text/composing.ts';
import { site } from '#web/text/site.ts';

/**
 * `/@name/ID/edit`. POST there: `csrf`, `caption`, `visibility`, `place`, `licence`, `spoiler`,
 * `alt_1` … in the order of the photos.
 */
export function EditPage({ shell, props }: { shell: Shell; props: EditPostPage }) {
  const { post, limits, form } = props;
  return (
    <div class="inset">
      <div class="page-head">
        <h1>{words.editTitle}</h1>
      </div>
      {form.problem && <Notice kind="problem" text={form.problem} />}
      <Form action={`${postPath(post)}/edit`} csrf={shell.viewer?.csrf ?? ''}>
        {post.media_attachments.map((photo, at) => (
          <div class="edit-photo" key={photo.id}>
            <Photo
              photo={photo}
              fallbackAlt={fallbackAlt(post, at + 1)}
              sizes="8rem"
              fit="fill"
              eager
            />
            <Field
              label={words.altLabel(at + 1)}
              name={`alt_${at + 1}`}
              maxLength={limits.maxAltText}
              value={form.values[`alt_${at + 1}`] ?? photo.description ?? ''}
              error={form.errors[`alt_${at + 1}`]}
            />
          </div>
        ))}
        <PostFields limits={limits} form={form} />
        <div class="row">
          <Button look="main">{words.save}</Button>
          <ButtonLink href={postPath(post)} look="plain">
            {site.cancel}
          </ButtonLink>
        </div>
      </Form>
    </div>
  );
}
