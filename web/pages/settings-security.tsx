import type { AppRow } from '#doors/entities/app-types.ts';
import type { SessionRow, TokenRow } from '#doors/entities/page-types.ts';
import { Button } from '#web/components/button.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { PushSwitch } from '#web/components/push-switch.tsx';
import { Section } from '#web/components/section.tsx';
import { WebLink } from '#web/components/web-link.tsx';
import { permissions } from '#web/text/consent.ts';
import { settings as words } from '#web/text/settings.ts';
import { site } from '#web/text/site.ts';
import type { SettingsSection } from './settings-section.ts';

function Password({ csrf, props }: SettingsSection) {
  const { errors } = props.form;
  return (
    <Section title={words.password} hint={words.passwordNote}>
      <Form action="/settings/security/password" csrf={csrf}>
        <Field
          label={words.currentPassword}
          name="current_password"
          type="password"
          autocomplete="current-password"
          required
          error={errors.current_password}
        />
        <Field
          label={words.newPassword}
          name="password"
          type="password"
          autocomplete="new-password"
          hint={site.passwordHint}
          minLength={10}
          required
          error={errors.password}
        />
        <div>
          <Button look="main">{words.passwordGo}</Button>
        </div>
      </Form>
    </Section>
  );
}

function Email({ csrf, props }: SettingsSection) {
  const { errors, values } = props.form;
  return (
    <Section title={words.email} hint={words.emailNote}>
      <Form action="/settings/security/email" csrf={csrf}>
        <Field
          label={site.email}
          name="email"
          type="email"
          autocomplete="email"
          required
          value={values.email ?? ''}
          error={errors.email}
        />
        <Field
          label={words.currentPassword}
          name="email_password"
          type="password"
          autocomplete="current-password"
          required
          error={errors.email_password}
        />
        <div>
          <Button>{words.emailGo}</Button>
        </div>
      </Form>
    </Section>
  );
}

function Session({ csrf, session }: { csrf: string; session: SessionRow }) {
  return (
    <li class="row spread">
      <div>
        <p>
          {session.device} {session.current && <span class="badge">{words.thisDevice}</span>}
        </p>
        <p class="small soft">
          {`${words.lastSeen} `}
          <DateText at={session.lastSeenAt} recent />
        </p>
      </div>
      {!session.current && (
        <PostButton
          action={`/settings/sessions/${encodeURIComponent(session.id)}/end`}
          csrf={csrf}
          label={words.endSession}
          small
        />
      )}
    </li>
  );
}

function Token({ csrf, token }: { csrf: string; token: TokenRow }) {
  return (
    <li class="row spread">
      <div>
        <p>{token.name}</p>
        <p class="small soft">
          {`${token.scopes}, `}
          {token.lastUsedAt === null ? words.neverUsed : `${words.lastSeen} `}
          {token.lastUsedAt !== null && <DateText at={token.lastUsedAt} recent />}
        </p>
      </div>
      <PostButton
        action={`/settings/tokens/${encodeURIComponent(token.id)}/revoke`}
        csrf={csrf}
        label={words.revoke}
        small
      />
    </li>
  );
}

function App({ csrf, app }: { csrf: string; app: AppRow }) {
  return (
    <li class="row spread">
      <div>
        <p>
          <bdi>{app.name}</bdi> <WebLink href={app.website} />
        </p>
        <p class="small soft">{permissions(app.scopes).join(', ')}</p>
        <p class="small soft">
          {words.appSince(app.tokens)}
          <DateText at={app.createdAt} recent />
          {', '}
          {app.lastUsedAt === null ? words.neverUsed : `${words.lastSeen} `}
          {app.lastUsedAt !== null && <DateText at={app.lastUsedAt} recent />}
        </p>
      </div>
      <PostButton
        action={`/settings/apps/${encodeURIComponent(app.id)}/revoke`}
        csrf={csrf}
        label={words.shutOut}
        small
      />
    </li>
  );
}

/**
 * POST /settings/security/password {current_password, password}, /settings/security/email {email,
 * email_password}, /settings/sessions/ID/end,
 * /settings/sessions/end-others, /settings/apps/ID/revoke, /settings/tokens/ID/revoke; each with `csrf`.
 */
export function SettingsSecurity({ csrf, shell, props }: SettingsSection) {
  return (
    <>
      <Password csrf={csrf} shell={shell} props={props} />
      <Email csrf={csrf} shell={shell} props={props} />
      <Section title={words.sessions}>
        <ul class="rows">
          {props.sessions.map((session) => (
            <Session key={session.id} csrf={csrf} session={session} />
          ))}
        </ul>
        {props.sessions.length > 1 && (
          <PostButton
            action="/settings/sessions/end-others"
            csrf={csrf}
            label={words.endOthers}
            small
          />
        )}
      </Section>
      <PushSwitch csrf={csrf} />
      <Section title={words.apps} hint={words.appsHint}>
        {props.apps.length === 0 ? (
          <p class="soft">{words.appsEmpty}</p>
        ) : (
          <ul class="rows">
            {props.apps.map((app) => (
              <App key={app.id} csrf={csrf} app={app} />
            ))}
          </ul>
        )}
      </Section>
      {props.tokens.length > 0 && (
        <Section title={words.tokens} hint={words.tokensHint}>
          <ul class="rows">
            {props.tokens.map((token) => (
              <Token key={token.id} csrf={csrf} token={token} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
