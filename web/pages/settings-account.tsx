import { Ask } from '#web/components/ask.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field } from '#web/components/field.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { archive } from '#web/text/archive.ts';
import { settings as words } from '#web/text/settings.ts';
import { site } from '#web/text/site.ts';
import { SettingsMoving } from './settings-moving.tsx';
import type { SettingsSection } from './settings-section.ts';

/**
 * POST /settings/account/delete {password}, /settings/account/keep and /sign-out; each with `csrf`.
 */
export function SettingsAccount({ csrf, shell, props }: SettingsSection) {
  const { deletionAt, form } = props;
  return (
    <>
      <Section title={site.signOut}>
        <PostButton action="/sign-out" csrf={csrf} label={words.signOut} icon="enter" />
      </Section>
      {props.moving && <SettingsMoving csrf={csrf} shell={shell} props={props} />}
      <Section title={words.deleteTitle}>
        {deletionAt === null ? (
          <>
            <p>{words.deleteLead}</p>
            <p>
              {archive.before}
              <a href="/settings/archive">{archive.beforeLink}</a>.
            </p>
            <Ask
              label={words.deleteGo}
              question={words.deleteAsk}
              yes={words.deleteGo}
              action="/settings/account/delete"
              csrf={csrf}
            >
              <Field
                label={site.password}
                id="delete-password"
                name="password"
                type="password"
                autocomplete="current-password"
                required
                error={form.errors.password}
              />
            </Ask>
          </>
        ) : (
          <>
            <p>
              {words.deletingLead}
              <DateText at={deletionAt} />
              {words.deletingEnd}
            </p>
            <PostButton
              action="/settings/account/keep"
              csrf={csrf}
              label={words.keepGo}
              look="main"
            />
          </>
        )}
      </Section>
    </>
  );
}
