import type { AdminInviteRow } from '#doors/entities/admin-page-types.ts';
import type { AdminPage, FormState } from '#doors/entities/page-types.ts';
import { Button, ButtonLink } from '#web/components/button.tsx';
import { CopyField } from '#web/components/copy-field.tsx';
import { DateText } from '#web/components/date.tsx';
import { Field, Select } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { admin as words } from '#web/text/admin.ts';
import { site } from '#web/text/site.ts';

function NewInvite({ csrf, form }: { csrf: string; form: FormState }) {
  return (
    <Form action="/admin/invites" csrf={csrf}>
      <div class="form-line">
        <Field
          label={words.uses}
          name="uses"
          type="number"
          min={1}
          max={1000}
          required
          value={form.values.uses ?? '1'}
          error={form.errors.uses}
        />
        <Select
          label={words.expires}
          name="expires"
          value={form.values.expires ?? '7d'}
          options={words.expiries}
          error={form.errors.expires}
        />
      </div>
      <Field
        label={`${words.note} (${site.optional})`}
        name="note"
        hint={words.noteHint}
        maxLength={200}
        value={form.values.note ?? ''}
        error={form.errors.note}
      />
      <div>
        <Button look="main">{words.inviteGo}</Button>
      </div>
    </Form>
  );
}

function Invite({ csrf, invite }: { csrf: string; invite: AdminInviteRow }) {
  return (
    <li class="row spread">
      <div>
        <p>{invite.note || words.usesLeft(invite.usesLeft)}</p>
        <p class="small soft">
          {invite.note !== '' && `${words.usesLeft(invite.usesLeft)}, `}
          {invite.expiresAt === null ? words.noExpiry : `${words.until} `}
          {invite.expiresAt !== null && <DateText at={invite.expiresAt} />}
          {`, ${words.by(invite.createdBy)}`}
        </p>
      </div>
      <PostButton
        action={`/admin/invites/${encodeURIComponent(invite.id)}/revoke`}
        csrf={csrf}
        label={words.revoke}
        small
      />
    </li>
  );
}

/** POST /admin/invites {uses, expires: 1d|7d|30d|never, note}, /admin/invites/ID/revoke; each with `csrf`. */
export function AdminInvites({
  csrf,
  props,
}: {
  csrf: string;
  props: Extract<AdminPage, { section: 'invites' }>;
}) {
  return (
    <>
      {props.form.problem && <Notice kind="problem" text={props.form.problem} />}
      {props.newLink && (
        <CopyField
          id="invite-link"
          label={words.inviteLink}
          hint={words.inviteLinkHint}
          value={props.newLink}
        />
      )}
      <Section title={words.newInvite}>
        {props.open ? (
          <NewInvite csrf={csrf} form={props.form} />
        ) : (
          <>
            <p>{words.invitesClosed}</p>
            <ButtonLink href="/admin/settings">{words.invitesClosedGo}</ButtonLink>
          </>
        )}
      </Section>
      <Section title={words.invites}>
        {props.invites.length === 0 ? (
          <p class="soft">{words.invitesEmpty}</p>
        ) : (
          <ul class="rows">
            {props.invites.map((invite) => (
              <Invite key={invite.id} csrf={csrf} invite={invite} />
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}
