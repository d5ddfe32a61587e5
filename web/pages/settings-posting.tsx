import type { FormState } from '#doors/entities/page-types.ts';
import { Button } from '#web/components/button.tsx';
import { Select } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Section } from '#web/components/section.tsx';
import { Switch } from '#web/components/switch.tsx';
import { settings as words } from '#web/text/settings.ts';
import { site } from '#web/text/site.ts';
import type { SettingsSection } from './settings-section.ts';

type Fact = keyof typeof words.facts;
const facts = Object.keys(words.facts) as Fact[];

const on = (form: FormState, name: string) => form.values[name] === '1';

function Originals({ form }: { form: FormState }) {
  return (
    <Section title={words.originals}>
      <Switch
        name="keep_originals"
        label={words.keepOriginals}
        hint={words.keepOriginalsHint}
        checked={on(form, 'keep_originals')}
      />
      <Switch
        name="offer_originals"
        label={words.offerOriginals}
        hint={words.offerOriginalsHint}
        checked={on(form, 'offer_originals')}
      />
    </Section>
  );
}

/**
 * POST /settings/posting: `csrf`, `default_visibility`, `default_licence`, and as 1 when on:
 * `require_alt`, `keep_originals`, `offer_originals`, `show_camera`, `show_lens`, `show_focal_length`,
 * `show_aperture`, `show_exposure`, `show_iso`, `show_taken_at`.
 */
export function SettingsPosting({ csrf, props }: SettingsSection) {
  const { form, limits } = props;
  return (
    <Form action="/settings/posting" csrf={csrf} className="stack-wide">
      <Section title={words.defaults}>
        <Select
          label={words.defaultVisibility}
          name="default_visibility"
          value={form.values.default_visibility ?? limits.defaultVisibility}
          error={form.errors.default_visibility}
          options={limits.visibilities}
        />
        <Select
          label={words.defaultLicence}
          name="default_licence"
          value={form.values.default_licence ?? limits.defaultLicence}
          error={form.errors.default_licence}
          options={limits.licences}
        />
        <Switch
          name="require_alt"
          label={words.requireAlt}
          hint={words.requireAltHint}
          checked={on(form, 'require_alt')}
        />
      </Section>
      <Originals form={form} />
      <Section title={words.cameraFacts} hint={words.cameraFactsHint}>
        <div class="switch-grid">
          {facts.map((fact) => (
            <Switch
              key={fact}
              name={`show_${fact}`}
              label={words.facts[fact]}
              checked={on(form, `show_${fact}`)}
            />
          ))}
        </div>
      </Section>
      <div>
        <Button look="main">{site.save}</Button>
      </div>
    </Form>
  );
}
