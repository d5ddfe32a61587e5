import type { FormState, Shell } from '#doors/entities/page-types.ts';
import type { ScheduledPage as Props } from '#doors/entities/social-page-types.ts';
import { Ask } from '#web/components/ask.tsx';
import { Button, ButtonLink } from '#web/components/button.tsx';
import { DateText } from '#web/components/date.tsx';
import { Empty } from '#web/components/empty.tsx';
import { Field, TextArea } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { Pager } from '#web/components/pager.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { later as words } from '#web/text/later.ts';
import { site } from '#web/text/site.ts';

type Waiting = Props['posts'][number];

/** What is going to be published, as far as one has to see it to know it again. */
function Outline({ post }: { post: Waiting }) {
  const { media_attachments: photos, params, tintype } = post;
  const text = params.text === '' ? words.noWords : params.text;
  return (
    <div class="waiting">
      {photos[0]?.preview_url && (
        <img class="waiting-photo" src={photos[0].preview_url} alt="" width={72} height={72} />
      )}
      <div class="waiting-words">
        <p class={params.text === '' ? 'soft' : ''} dir="auto">
          {text.length > 200 ? `${text.slice(0, 200)}…` : text}
        </p>
        <p class="small soft" data-local>
          {tintype.problem === null ? words.at : words.was}
          <DateText at={post.scheduled_at} withTime />
          {photos.length > 0 && `, ${words.photos(photos.length)}`}
        </p>
      </div>
    </div>
  );
}

function Change({ post, csrf, form }: { post: Waiting; csrf: string; form: FormState | null }) {
  const { params, tintype } = post;
  const values = form?.values ?? {};
  const errors = form?.errors ?? {};
  return (
    <details class="ask" open={tintype.problem !== null || form !== null}>
      <summary class="button button-small">{words.change}</summary>
      <Form action={`/scheduled/${post.id}`} csrf={csrf} className="ask-sheet change-sheet">
        {form?.problem && <Notice kind="problem" text={form.problem} />}
        <TextArea
          label={words.caption}
          name="caption"
          id={`caption-${post.id}`}
          rows={4}
          maxLength={5000}
          value={values.caption ?? params.text}
          error={errors.caption}
        />
        <Field
          label={`${words.spoiler} (${site.optional})`}
          name="spoiler"
          id={`spoiler-${post.id}`}
          maxLength={500}
          value={values.spoiler ?? params.spoiler_text}
          error={errors.spoiler}
        />
        <Field
          label={words.time}
          name="scheduled_at"
          id={`time-${post.id}`}
          type="datetime-local"
          hint={words.utcShort}
          value={values.scheduled_at?.slice(0, 16) ?? post.scheduled_at.slice(0, 16)}
          error={errors.scheduled_at}
          required
        />
        <Button look="main">{site.save}</Button>
      </Form>
    </details>
  );
}

function Line({ post, csrf, form }: { post: Waiting; csrf: string; form: FormState | null }) {
  const { problem } = post.tintype;
  const path = `/scheduled/${post.id}`;
  return (
    <li class="stack">
      <Outline post={post} />
      {problem !== null && <Notice kind="problem" text={words.failed(problem)} />}
      <div class="row">
        <Change post={post} csrf={csrf} form={form} />
        <PostButton action={`${path}/publish`} csrf={csrf} label={words.publish} small />
        <Ask
          label={words.remove}
          question={words.removeAsk}
          yes={words.removeYes}
          action={`${path}/delete`}
          csrf={csrf}
        />
      </div>
    </li>
  );
}

/**
 * `/scheduled`. POST /scheduled/ID {csrf, caption, spoiler, scheduled_at}, /scheduled/ID/publish {csrf}
 * and /scheduled/ID/delete {csrf}.
 */
export function ScheduledPage({ shell, props }: { shell: Shell; props: Props }) {
  const { posts, again, newer, older } = props;
  return (
    <>
      <div class="page-head inset">
        <h1 class="list-title">{words.title}</h1>
      </div>
      {posts.length === 0 ? (
        <Empty title={words.emptyTitle} text={words.empty}>
          <ButtonLink href="/compose" look="main" icon="add">
            {site.add}
          </ButtonLink>
        </Empty>
      ) : (
        <div class="inset">
          <ul class="rows">
            {posts.map((post) => (
              <Line
                key={post.id}
                post={post}
                csrf={shell.viewer?.csrf ?? ''}
                form={again?.id === post.id ? again.form : null}
              />
            ))}
          </ul>
        </div>
      )}
      <Pager newer={newer} older={older} />
    </>
  );
}
