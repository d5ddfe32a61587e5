import type { FilterRow } from '#doors/entities/page-types.ts';
import { Ask } from '#web/components/ask.tsx';
import { Button } from '#web/components/button.tsx';
import { Choices } from '#web/components/choices.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field, Mistake, Select, TextArea } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Section } from '#web/components/section.tsx';
import { Switch } from '#web/components/switch.tsx';
import { sifting as words } from '#web/text/sifting.ts';
import { site } from '#web/text/site.ts';
import type { SettingsSection } from './settings-section.ts';

const places = Object.entries(words.places);
const terms = Object.entries(words.terms).map(([value, label]) => ({ value, label }));

function Line({ row, csrf }: { row: FilterRow; csrf: string }) {
  const where = places.filter(([name]) => row.contexts.includes(name)).map(([, label]) => label);
  return (
    <li class="row spread">
      <div class="waiting-words">
        <p>
          <strong dir="auto">{row.title}</strong>
          {`: ${words.acts[row.action]}`}
        </p>
        <p class="small soft" dir="auto">
          {row.words.join(', ')}
        </p>
        <p class="small soft">
          {where.join(' · ')}
          {row.expiresAt !== null && (
            <>
              {` · ${row.over ? words.over : words.until} `}
              <DateText at={row.expiresAt} withTime />
            </>
          )}
        </p>
      </div>
      <div class="row">
        <a class="button button-small" href={`/settings/filters/${row.id}#filter`}>
          {words.edit}
          <span class="unseen">{` ${row.title}`}</span>
        </a>
        <Ask
          label={words.remove}
          question={words.removeWhich(row.title)}
          yes={words.remove}
          action={`/settings/filters/${row.id}/delete`}
          csrf={csrf}
        />
      </div>
    </li>
  );
}

/**
 * POST /settings/filters and /settings/filters/ID {csrf, words, whole_word, title, in_PLACE, action,
 * lasts}, and /settings/filters/ID/delete {csrf}.
 */
export function SettingsFilters({ csrf, props }: SettingsSection) {
  const { filters, form } = props;
  const { values, errors } = form;
  const { id } = values;
  const lasting = id === undefined ? terms : [{ value: 'keep', label: words.keep }, ...terms];
  return (
    <>
      <Section title={words.title} hint={words.lead}>
        {filters.length === 0 ? (
          <p class="soft">{words.none}</p>
        ) : (
          <ul class="rows">
            {filters.map((row) => (
              <Line key={row.id} row={row} csrf={csrf} />
            ))}
          </ul>
        )}
      </Section>
      <Section title={id === undefined ? words.add : words.change} id="filter">
        <Form
          action={id === undefined ? '/settings/filters' : `/settings/filters/${id}`}
          csrf={csrf}
        >
          <TextArea
            label={words.words}
            name="words"
            hint={words.wordsHint}
            rows={3}
            value={values.words ?? ''}
            error={errors.words}
            required
          />
          <Switch
            name="whole_word"
            label={words.wholeWord}
            checked={(values.whole_word ?? '') !== ''}
          />
          <Field
            label={`${words.name} (${site.optional})`}
            name="title"
            hint={words.nameHint}
            maxLength={200}
            value={values.title ?? ''}
            error={errors.title}
          />
          <fieldset aria-describedby={errors.contexts ? 'contexts-error' : undefined}>
            <legend class="label">{words.where}</legend>
            <div class="switch-grid">
              {places.map(([name, label]) => (
                <Switch
                  key={name}
                  name={`in_${name}`}
                  label={label}
                  checked={(values[`in_${name}`] ?? '') !== ''}
                />
              ))}
            </div>
            {errors.contexts && <Mistake id="contexts-error" text={errors.contexts} />}
          </fieldset>
          <Choices
            name="action"
            legend={words.what}
            value={values.action ?? 'warn'}
            options={[
              { value: 'warn', label: words.warn, hint: words.warnHint },
              { value: 'hide', label: words.hide },
            ]}
          />
          <Select
            label={words.lasts}
            name="lasts"
            value={values.lasts ?? 'ever'}
            options={lasting}
          />
          <div class="row">
            <Button look="main">{id === undefined ? words.go : site.save}</Button>
            {id !== undefined && <a href="/settings/filters">{site.cancel}</a>}
          </div>
        </Form>
      </Section>
    </>
  );
}
