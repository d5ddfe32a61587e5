import type { FormState } from '#doors/entities/page-types.ts';
import { site } from '#web/text/site.ts';
import { Field } from './field.tsx';

/** Name, address and password of a new account. */
export function AccountFields({ form }: { form: FormState }) {
  const { values, errors } = form;
  return (
    <>
      <Field
        label={site.username}
        name="username"
        hint={site.usernameHint}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        required
        maxLength={30}
        value={values.username ?? ''}
        error={errors.username}
      />
      <Field
        label={site.email}
        name="email"
        type="email"
        hint={site.emailHint}
        autocomplete="email"
        required
        value={values.email ?? ''}
        error={errors.email}
      />
      <Field
        label={site.password}
        name="password"
        type="password"
        hint={site.passwordHint}
        autocomplete="new-password"
        required
        minLength={10}
        error={errors.password}
      />
    </>
  );
}
