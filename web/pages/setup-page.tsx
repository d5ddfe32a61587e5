import type { SetupPage as Props } from '#doors/entities/page-types.ts';
import { AccountFields } from '#web/components/account-fields.tsx';
import { Button } from '#web/components/button.tsx';
import { Choices } from '#web/components/choices.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Mark } from '#web/components/mark.tsx';
import { Notice } from '#web/components/notice.tsx';
import { accounts as words } from '#web/text/accounts.ts';

const presets = words.presets.map((preset) => ({
  value: preset.value,
  label: preset.title,
  hint: preset.lead,
  points: preset.points,
}));

function StepTitle({ n, text }: { n: number; text: string }) {
  return (
    <h2 class="step-title">
      <span class="step-number" aria-hidden="true">
        {n}
      </span>
      {text}
    </h2>
  );
}

function Code({ props }: { props: Props }) {
  if (props.codeOk) return <input type="hidden" name="code" value={props.code} />;
  return (
    <>
      {props.code !== '' && <Notice kind="problem" text={words.setupCodeBad} />}
      <Field
        label={words.setupCode}
        name="code"
        className="input-code"
        hint={words.setupCodeHint}
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck={false}
        required
        value=""
        error={props.form.errors.code}
      />
    </>
  );
}

/** `/setup`. POST /setup {code, mode, instance_name, username, email, password}; nobody is signed in, so no csrf. */
export function SetupPage({ props }: { props: Props }) {
  const { form } = props;
  return (
    <div class="door inset">
      <header class="door-head">
        <Mark className="door-mark" />
        <h1>{words.setupTitle}</h1>
        <p class="lead">{words.setupLead}</p>
      </header>
      {form.problem && <Notice kind="problem" text={form.problem} />}
      <Form action="/setup" csrf={null} className="stack-wide">
        <Code props={props} />
        <section>
          <StepTitle n={1} text={words.setupHow} />
          <Choices
            name="mode"
            legend={<span class="unseen">{words.setupHow}</span>}
            options={presets}
            value={form.values.mode ?? 'solo'}
            error={form.errors.mode}
          />
        </section>
        <section>
          <StepTitle n={2} text={words.setupName} />
          <Field
            label={words.instanceName}
            name="instance_name"
            hint={words.instanceNameHint}
            required
            maxLength={60}
            value={form.values.instance_name ?? ''}
            error={form.errors.instance_name}
          />
        </section>
        <section>
          <StepTitle n={3} text={words.setupWho} />
          <div class="form">
            <p class="hint">{words.setupWhoHint}</p>
            <AccountFields form={form} />
          </div>
        </section>
        <Button look="main" wide>
          {words.setupGo}
        </Button>
      </Form>
    </div>
  );
}
