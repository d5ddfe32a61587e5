import type { ComposeLimits, FormState } from '#doors/entities/page-types.ts';
import { composing as words } from '#web/text/composing.ts';
import { site } from '#web/text/site.ts';
import { social } from '#web/text/social.ts';
import { Field, Select, TextArea } from './field.tsx';
import { Switch } from './switch.tsx';

const switches = [
  { name: 'likes_disabled', label: social.offLikes },
  { name: 'shares_disabled', label: social.offBoosts },
  { name: 'comments_disabled', label: social.offComments },
];

/** The words of a post: caption, who sees it, place, licence, warning, and what others may not do. */
export function PostFields({ limits, form }: { limits: ComposeLimits; form: FormState }) {
  const { values, errors } = form;
  return (
    <>
      <TextArea
        label={words.caption}
        name="caption"
        hint={words.captionHint}
        rows={5}
        maxLength={limits.maxCaption}
        value={values.caption ?? ''}
        error={errors.caption}
      />
      <Select
        label={words.visibility}
        name="visibility"
        value={values.visibility ?? limits.defaultVisibility}
        error={errors.visibility}
        options={limits.visibilities}
      />
      <Field
        label={`${words.place} (${site.optional})`}
        name="place"
        hint={words.placeHint}
        maxLength={100}
        value={values.place ?? ''}
        error={errors.place}
      />
      <Select
        label={words.licence}
        name="licence"
        value={values.licence ?? limits.defaultLicence}
        error={errors.licence}
        options={limits.licences}
      />
      <Field
        label={`${words.spoiler} (${site.optional})`}
        name="spoiler"
        hint={words.spoilerHint}
        maxLength={500}
        value={values.spoiler ?? ''}
        error={errors.spoiler}
      />
      <fieldset>
        <legend class="label">{social.off}</legend>
        <div class="switch-grid">
          {switches.map(({ name, label }) => (
            <Switch key={name} name={name} label={label} checked={values[name] === '1'} />
          ))}
        </div>
      </fieldset>
    </>
  );
}
