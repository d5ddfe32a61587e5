import type { FormState } from '#doors/entities/page-types.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { Button } from '#web/components/button.tsx';
import { Choices } from '#web/components/choices.tsx';
import { Field, type FieldProps, TextArea } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Section } from '#web/components/section.tsx';
import { Switch } from '#web/components/switch.tsx';
import { settings as words } from '#web/text/settings.ts';
import { site } from '#web/text/site.ts';
import type { SettingsSection } from './settings-section.ts';

function Text({ form, ...field }: { form: FormState } & FieldProps) {
  const { values, errors } = form;
  return <Field {...field} value={values[field.name] ?? ''} error={errors[field.name]} />;
}

function Extra({ form }: { form: FormState }) {
  return (
    <Section title={words.fields} hint={words.fieldsHint}>
      {[1, 2, 3, 4].map((n) => (
        <div class="form-line" key={n}>
          <Text form={form} name={`field_name_${n}`} label={words.fieldName(n)} maxLength={255} />
          <Text form={form} name={`field_value_${n}`} label={words.fieldValue(n)} maxLength={255} />
        </div>
      ))}
    </Section>
  );
}

function Look({ form }: { form: FormState }) {
  return (
    <Section title={words.look}>
      <Choices
        name="shape"
        legend={words.shape}
        inline
        options={[
          { value: 'square', label: words.shapeSquare },
          { value: 'natural', label: words.shapeNatural },
        ]}
        value={form.values.shape ?? 'square'}
      />
      <Choices
        name="theme"
        legend={words.theme}
        inline
        options={[
          { value: 'auto', label: words.themeAuto },
          { value: 'light', label: words.themeLight },
          { value: 'dark', label: words.themeDark },
        ]}
        value={form.values.theme ?? 'auto'}
      />
    </Section>
  );
}

/**
 * POST /settings/profile, multipart: `csrf`, `display_name`, `note` (text), `avatar` (file),
 * `avatar_remove` (1), `location`, `website`, `pronouns`, `field_name_1..4`, `field_value_1..4`,
 * `locked` (1), `noindex` (1), `hide_collections` (1), `shape` (square|natural), `theme` (auto|light|dark).
 */
export function SettingsProfile({ csrf, shell, props }: SettingsSection) {
  const { form } = props;
  return (
    <Form action="/settings/profile" csrf={csrf} files className="stack-wide">
      <Section title={words.sections.profile}>
        <div class="form-line">
          {shell.viewer && <Avatar account={shell.viewer.account} size={64} />}
          <Field
            label={words.avatar}
            name="avatar"
            type="file"
            accept="image/*"
            hint={words.avatarHint}
            error={form.errors.avatar}
          />
        </div>
        <Switch name="avatar_remove" label={words.avatarRemove} checked={false} />
        <Text
          form={form}
          name="display_name"
          label={words.displayName}
          hint={words.displayNameHint}
          maxLength={60}
        />
        <TextArea
          label={words.about}
          name="note"
          rows={4}
          maxLength={500}
          value={form.values.note ?? ''}
          error={form.errors.note}
        />
        <div class="form-line">
          <Text form={form} name="location" label={words.location} maxLength={100} />
          <Text form={form} name="pronouns" label={words.pronouns} maxLength={60} />
        </div>
        <Text form={form} name="website" label={words.website} type="url" placeholder="https://" />
        <Switch
          name="locked"
          label={words.locked}
          hint={words.lockedHint}
          checked={form.values.locked === '1'}
        />
        <Switch
          name="noindex"
          label={words.noindex}
          hint={words.noindexHint}
          checked={form.values.noindex === '1'}
        />
        <Switch
          name="hide_collections"
          label={words.hideCollections}
          hint={words.hideCollectionsHint}
          checked={form.values.hide_collections === '1'}
        />
      </Section>
      <Extra form={form} />
      <Look form={form} />
      <div>
        <Button look="main">{site.save}</Button>
      </div>
    </Form>
  );
}
