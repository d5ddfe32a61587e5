import type { Moving } from '#doors/entities/page-types.ts';
import { displayName, profilePath } from '#web/client/address.ts';
import { Button } from '#web/components/button.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { elsewhere as words } from '#web/text/federation.ts';
import { MoveSteps } from './move-steps.tsx';
import type { SettingsSection } from './settings-section.ts';

type Part = Pick<SettingsSection, 'csrf' | 'props'> & { moving: Moving };

function ComeFrom({ csrf, props, moving }: Part) {
  const { form } = props;
  return (
    <Section title={words.comeFrom} hint={words.comeFromHint}>
      {moving.aliases.length > 0 && (
        <ul class="rows">
          {moving.aliases.map(({ uri, handle }) => (
            <li class="row spread" key={uri}>
              <bdi>{handle}</bdi>
              <PostButton
                action="/settings/account/aliases/remove"
                csrf={csrf}
                label={words.aliasRemove}
                fields={{ uri }}
                small
              />
            </li>
          ))}
        </ul>
      )}
      <Form action="/settings/account/aliases" csrf={csrf}>
        <Field
          label={words.comeFromField}
          name="alias"
          placeholder="@name@example.social"
          required
          maxLength={300}
          autocapitalize="none"
          spellcheck={false}
          value={form.values.alias ?? ''}
          error={form.errors.alias}
        />
        <div>
          <Button>{words.comeFromGo}</Button>
        </div>
      </Form>
    </Section>
  );
}

function Moved({ csrf, moving }: Part) {
  const { movedTo } = moving;
  if (movedTo === null) return null;
  return (
    <>
      <p>
        {words.movedLead}
        <a href={profilePath(movedTo)}>{displayName(movedTo)}</a>{' '}
        <bdi class="soft">{`@${movedTo.acct}`}</bdi>
      </p>
      {moving.told !== null && <p class="soft">{words.moveTold(moving.told)}</p>}
      <p class="hint">{words.moveUndoHint}</p>
      <PostButton action="/settings/account/stay" csrf={csrf} label={words.moveUndo} />
    </>
  );
}

function MoveAway({ csrf, props, moving }: Part) {
  return (
    <Section title={words.moveAway} hint={words.moveAwayHint}>
      {moving.movedTo !== null ? (
        <Moved csrf={csrf} props={props} moving={moving} />
      ) : moving.possibleFrom !== null ? (
        <p class="soft">
          {words.movePossible}
          <DateText at={moving.possibleFrom} />.
        </p>
      ) : (
        <MoveSteps csrf={csrf} form={props.form} moving={moving} />
      )}
    </Section>
  );
}

/**
 * POST /settings/account/aliases {alias}, /aliases/remove {uri}, /check {target}, /move {target,
 * move_password} and /stay; each with `csrf`.
 */
export function SettingsMoving({ csrf, props }: SettingsSection) {
  const { moving } = props;
  if (moving === null) return null;
  return (
    <>
      <ComeFrom csrf={csrf} props={props} moving={moving} />
      <MoveAway csrf={csrf} props={props} moving={moving} />
    </>
  );
}
