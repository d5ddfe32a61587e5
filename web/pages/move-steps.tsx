import type { FormState, MoveCheck, Moving } from '#doors/entities/page-types.ts';
import { Ask } from '#web/components/ask.tsx';
import { Button } from '#web/components/button.tsx';
import { CopyField } from '#web/components/copy-field.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Icon } from '#web/components/icon.tsx';
import { elsewhere as words } from '#web/text/federation.ts';
import { site } from '#web/text/site.ts';

type Steps = { csrf: string; form: FormState; moving: Moving };

function TakeAlong({ archive }: { archive: Moving['archive'] }) {
  return (
    <li class="stack">
      <h3>{words.moveTake}</h3>
      <p>
        {archive?.state === 'done' && archive.at !== null ? (
          <>
            {words.moveArchived}
            <DateText at={archive.at} />
            {'. '}
          </>
        ) : (
          `${words.moveTakeLead} `
        )}
        <a href="/settings/archive">{words.moveArchive}</a>
      </p>
    </li>
  );
}

function Answers({ check }: { check: MoveCheck }) {
  return (
    <div role="status">
      <ul class="checks">
        {check.answers.map(({ what, yes, why }) => (
          <li key={what} class={yes ? 'check' : 'check check-no'}>
            <Icon name={yes ? 'check' : 'warn'} small />
            <span>{yes ? words.moveYes[what] : (why ?? words.moveNo[what])}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function NameThere({ csrf, form, moving }: Steps) {
  return (
    <li class="stack">
      <h3>{words.moveName}</h3>
      <p>{words.moveNameLead}</p>
      <CopyField
        id="own-handle"
        label={words.moveOwn}
        hint={words.moveOwnHint}
        value={moving.handle}
      />
      <Form action="/settings/account/check" csrf={csrf}>
        <Field
          label={words.moveField}
          name="target"
          placeholder="@name@example.social"
          required
          maxLength={300}
          autocapitalize="none"
          spellcheck={false}
          value={form.values.target ?? ''}
          error={form.errors.target}
        />
        {moving.check && <Answers check={moving.check} />}
        <div>
          <Button>{words.moveCheck}</Button>
        </div>
      </Form>
    </li>
  );
}

function Go({ csrf, form, moving }: Steps) {
  const known = form.values.target ?? '';
  const refused = form.errors.target !== undefined || form.errors.move_password !== undefined;
  if (!refused && moving.check?.ready !== true) {
    return (
      <li class="stack">
        <h3>{words.moveLast}</h3>
        <p class="soft">{words.moveCheckFirst}</p>
      </li>
    );
  }
  return (
    <li class="stack">
      <h3>{words.moveLast}</h3>
      <p>{words.moveAwayLead(moving.followers)}</p>
      <Ask
        label={words.moveTo(moving.check?.target ?? known)}
        question={words.moveAsk}
        yes={words.moveGo}
        action="/settings/account/move"
        csrf={csrf}
        icon="right"
        open={refused}
      >
        <input type="hidden" name="target" value={moving.check?.target ?? known} />
        <Field
          label={site.password}
          name="move_password"
          type="password"
          autocomplete="current-password"
          required
          error={form.errors.move_password}
        />
      </Ask>
    </li>
  );
}

/** The way to another server in four steps, each with what has been seen to be done. */
export function MoveSteps({ csrf, form, moving }: Steps) {
  return (
    <ol class="steps">
      <TakeAlong archive={moving.archive} />
      <NameThere csrf={csrf} form={form} moving={moving} />
      <li class="stack">
        <h3>{words.moveBring}</h3>
        <p>{words.moveBringLead}</p>
      </li>
      <Go csrf={csrf} form={form} moving={moving} />
    </ol>
  );
}
