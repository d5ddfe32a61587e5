import type { ResetPage as Props } from '#doors/entities/page-types.ts';
import { Button } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { accounts as words } from '#web/text/accounts.ts';
import { settings } from '#web/text/settings.ts';
import { site } from '#web/text/site.ts';

/** `/reset/TOKEN`. POST there {password}; `username` null means that the link is not valid. */
export function ResetPage({ props }: { props: Props }) {
  const { form, token, username } = props;
  return (
    <div class="door inset">
      <header class="door-head">
        <h1>{words.resetTitle}</h1>
        <p class="lead">{username === null ? words.resetBad : words.resetLead(username)}</p>
      </header>
      {form.problem && <Notice kind="problem" text={form.problem} />}
      {username !== null && (
        <Form action={`/reset/${encodeURIComponent(token)}`} csrf={null}>
          <input type="hidden" name="username" value={username} autocomplete="username" />
          <Field
            label={settings.newPassword}
            name="password"
            type="password"
            hint={site.passwordHint}
            autocomplete="new-password"
            required
            minLength={10}
            error={form.errors.password}
          />
          <Button look="main" wide>
            {words.resetGo}
          </Button>
        </Form>
      )}
    </div>
  );
}
