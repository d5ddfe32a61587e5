import type { ComposeLimits } from '#doors/entities/page-types.ts';
import { captionLength, captionTags } from '#web/client/caption.ts';
import type { Composer } from '#web/client/composer.ts';
import type { DraftWords } from '#web/client/draft.ts';
import { composing as words } from '#web/text/composing.ts';
import { later } from '#web/text/later.ts';
import { site } from '#web/text/site.ts';
import { social } from '#web/text/social.ts';

type Props = { composer: Composer; draft: DraftWords; limits: ComposeLimits };

function Caption({ composer, draft, limits }: Props) {
  const left = limits.maxCaption - captionLength(draft.caption);
  const tags = captionTags(draft.caption);
  return (
    <div class="field">
      <label class="label" for="caption">
        {words.caption}
      </label>
      <textarea
        class="input caption-input"
        id="caption"
        rows={5}
        aria-describedby="caption-left caption-hint"
        aria-invalid={left < 0 ? 'true' : undefined}
        value={draft.caption}
        onInput={(event) => composer.setWords({ caption: event.currentTarget.value })}
      />
      <div class="row spread">
        <p class="hint" id="caption-hint">
          {tags.length > 0 ? tags.map((tag) => `#${tag}`).join('  ') : words.captionHint}
        </p>
        <p class={left < 0 ? 'mistake number' : 'hint number'} id="caption-left">
          {left < 0 ? words.over(-left) : left < 1000 ? words.left(left) : ''}
        </p>
      </div>
    </div>
  );
}

function Line({
  id,
  label,
  hint,
  value,
  max,
  set,
}: {
  id: string;
  label: string;
  hint: string;
  value: string;
  max: number;
  set: (text: string) => void;
}) {
  return (
    <div class="field">
      <label class="label" for={id}>{`${label} (${site.optional})`}</label>
      <input
        class="input"
        id={id}
        maxLength={max}
        value={value}
        aria-describedby={`${id}-hint`}
        onInput={(event) => set(event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}

function List({
  id,
  label,
  options,
  value,
  set,
}: {
  id: string;
  label: string;
  options: { value: string; label: string; hint?: string }[];
  value: string;
  set: (value: string) => void;
}) {
  const hint = options.find((option) => option.value === value)?.hint;
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <select
        class="input"
        id={id}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => set(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

const switches = [
  { name: 'noLikes', label: social.offLikes },
  { name: 'noBoosts', label: social.offBoosts },
  { name: 'noComments', label: social.offComments },
] as const;

function Switches({ composer, draft }: Pick<Props, 'composer' | 'draft'>) {
  return (
    <fieldset>
      <legend class="label">{social.off}</legend>
      <div class="switch-grid">
        {switches.map(({ name, label }) => (
          <div class="switch" key={name}>
            <input
              type="checkbox"
              id={name}
              checked={draft[name] === true}
              onChange={(event) => composer.setWords({ [name]: event.currentTarget.checked })}
            />
            <div class="switch-words">
              <label for={name}>{label}</label>
            </div>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

function Later({ composer, draft }: Pick<Props, 'composer' | 'draft'>) {
  return (
    <div class="field">
      <label class="label" for="later">{`${later.when} (${site.optional})`}</label>
      <input
        class="input"
        id="later"
        type="datetime-local"
        value={draft.later ?? ''}
        aria-describedby="later-hint"
        onInput={(event) => composer.setWords({ later: event.currentTarget.value })}
      />
      <p class="hint" id="later-hint">
        {later.own}
      </p>
    </div>
  );
}

/** Caption, who sees it, and what is said less often. */
export function ComposeWords({ composer, draft, limits }: Props) {
  const filled =
    draft.place !== '' ||
    draft.spoiler !== '' ||
    (draft.later ?? '') !== '' ||
    draft.licence !== limits.defaultLicence ||
    switches.some(({ name }) => draft[name] === true);
  return (
    <>
      <Caption composer={composer} draft={draft} limits={limits} />
      <List
        id="visibility"
        label={words.visibility}
        options={limits.visibilities}
        value={draft.visibility}
        set={(visibility) => composer.setWords({ visibility })}
      />
      <details class="panel" open={filled}>
        <summary>{words.details}</summary>
        <div class="form">
          <Line
            id="place"
            label={words.place}
            hint={words.placeHint}
            max={100}
            value={draft.place}
            set={(place) => composer.setWords({ place })}
          />
          <List
            id="licence"
            label={words.licence}
            options={limits.licences}
            value={draft.licence}
            set={(licence) => composer.setWords({ licence })}
          />
          <Line
            id="spoiler"
            label={words.spoiler}
            hint={words.spoilerHint}
            max={500}
            value={draft.spoiler}
            set={(spoiler) => composer.setWords({ spoiler })}
          />
          <Switches composer={composer} draft={draft} />
          <Later composer={composer} draft={draft} />
        </div>
      </details>
    </>
  );
}
