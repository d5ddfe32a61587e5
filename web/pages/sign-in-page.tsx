import type { SignInPage as Props, Shell } from '#doors/entities/page-types.ts';
import { Button } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { accounts as words } from '#web/text/accounts.ts';
import { site } from '#web/text/site.ts';

function lead({ instance }: Shell, next: string): string {
  if (next.startsWith('/oauth/authorize')) return words.appLead;
  if (instance.closed) return words.closedLead;
  return instance.description || instance.name;
}

/** `/sign-in`. POST /sign-in {username, password, next}; same-origin, no csrf. */
export function SignInPage({ shell, props }: { shell: Shell; props: Props }) {
  const { form, next } = props;
  return (
    <div class="door inset">
      <header class="door-head">
        <h1>{words.signInTitle}</h1>
        <p class="lead">{lead(shell, next)}</p>
      </header>
      {form.problem && <Notice kind="problem" text={form.problem} />}
      <Form action="/sign-in" csrf={null}>
        <input type="hidden" name="next" value={next} />
        <Field
          label={words.usernameOrEmail}
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          value={form.values.username ?? ''}
          error={form.errors.username}
        />
        <Field
          label={site.password}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          error={form.errors.password}
        />
        <Button look="main" wide>
          {words.signInTitle}
        </Button>
      </Form>
      {shell.instance.registration === 'open' && (
        <p>
          <a href={next === '/' ? '/join/open' : `/join/open?next=${encodeURIComponent(next)}`}>
            {words.joinOpen}
          </a>
        </p>
      )}
      <details class="more">
        <summary>{words.forgot}</summary>
        <p class="small">{words.forgotHelp}</p>
      </details>
    </div>
  );
}
