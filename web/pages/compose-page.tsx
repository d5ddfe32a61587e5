import type { ComposePage as Props, Shell } from '#doors/entities/page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import { Button } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { IslandData } from '#web/components/island-data.tsx';
import { MovedNotice } from '#web/components/moved-notice.tsx';
import { Notice } from '#web/components/notice.tsx';
import { PostFields } from '#web/components/post-fields.tsx';
import { StorageMeter } from '#web/components/storage-meter.tsx';
import { composing as words } from '#web/text/composing.ts';
import { elsewhere } from '#web/text/federation.ts';
import { later } from '#web/text/later.ts';
import { site } from '#web/text/site.ts';

function Descriptions({ props }: { props: Props }) {
  const { limits, form } = props;
  const many = Array.from({ length: limits.maxPhotos }, (_, at) => at + 1);
  return (
    <details class="panel" open={limits.requireAltText || form.errors.alt_1 !== undefined}>
      <summary>{words.describeNoJs}</summary>
      <p class="hint">{words.describeNoJsHint}</p>
      <div class="stack">
        {many.map((n) => (
          <Field
            key={n}
            label={words.altLabel(n)}
            name={`alt_${n}`}
            maxLength={limits.maxAltText}
            value={form.values[`alt_${n}`] ?? ''}
            error={form.errors[`alt_${n}`]}
          />
        ))}
      </div>
    </details>
  );
}

/**
 * `/compose`. Without a script POST /compose, multipart: `csrf`, `photos` (files, repeated), `media_ids`
 * (photos that arrived with an earlier try), `alt_1` … `alt_20`, `caption`, `visibility`, `place`,
 * `licence`, `spoiler`, `scheduled_at`. With one the island takes over the element `#compose` and speaks the client API.
 */
export function ComposePage({ shell, props }: { shell: Shell; props: Props }) {
  const { limits, form, storage } = props;
  const csrf = shell.viewer?.csrf ?? '';
  const kept = (form.values.media_ids ?? '').split(',').filter(Boolean).length;
  return (
    <div class="inset">
      <div class="page-head">
        <h1>{words.title}</h1>
        <a href="/scheduled">{later.title}</a>
      </div>
      {props.movedTo && <MovedNotice lead={elsewhere.composeMoved} to={props.movedTo} />}
      <div id="compose">
        {form.problem && <Notice kind="problem" text={form.problem} />}
        <Form action="/compose" csrf={csrf} files className="form compose-plain">
          {kept > 0 && (
            <>
              <input type="hidden" name="media_ids" value={form.values.media_ids} />
              <p class="hint">{words.keptPhotos(kept)}</p>
            </>
          )}
          <Field
            label={words.photosLabel}
            name="photos"
            type="file"
            multiple
            required={kept === 0}
            accept={limits.accept}
            hint={`${words.limits(limits.maxPhotos, bytesText(limits.maxFileBytes))} ${words.photosHint}`}
            error={form.errors.photos}
          />
          <Descriptions props={props} />
          <PostFields limits={limits} form={form} />
          <Field
            label={`${later.when} (${site.optional})`}
            name="scheduled_at"
            type="datetime-local"
            hint={later.utc}
            value={form.values.scheduled_at ?? ''}
            error={form.errors.scheduled_at}
          />
          <StorageMeter storage={storage} />
          <div>
            <Button look="main">{words.publish}</Button>
          </div>
        </Form>
      </div>
      <IslandData
        id="compose-data"
        data={{ ...props, csrf, account: shell.viewer?.account.id ?? '' }}
      />
    </div>
  );
}
