import type { ElsewherePage as Props, Shell } from '#doors/entities/page-types.ts';
import { displayName, profilePath } from '#web/client/address.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { Button, ButtonLink } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { elsewhere as words } from '#web/text/federation.ts';

const away = 'nofollow noopener noreferrer ugc';

/** Something of another server, for strangers: only the way to the original. */
function Original({ shell, props }: { shell: Shell; props: Extract<Props, { name: string }> }) {
  const text = props.kind === 'post' ? words.strangerPost : words.strangerAccount;
  const here = encodeURIComponent(shell.path);
  return (
    <>
      <header class="door-head">
        <h1>{words.strangerTitle}</h1>
        <p class="lead">{text(props.name, props.host)}</p>
      </header>
      <div class="row">
        <a class="button button-main" href={props.url} rel={away}>
          {words.originalOn(props.host)}
        </a>
        <ButtonLink href={`/sign-in?next=${here}`} icon="enter">
          {words.signIn}
        </ButtonLink>
      </div>
    </>
  );
}

/** The last step of following from elsewhere: says where the link leads before it leads there. */
function GoOn({ props }: { props: Extract<Props, { kind: 'follow' }> }) {
  const name = displayName(props.account);
  return (
    <>
      <header class="door-head">
        <Avatar account={props.account} size={64} />
        <h1>{words.followTitle(name)}</h1>
        <p class="lead">{words.followAtLead(name, props.host)}</p>
      </header>
      <div>
        <a class="button button-main" href={props.url} rel={away}>
          {words.followAt(props.host)}
        </a>
      </div>
    </>
  );
}

function AskServer({ shell, props }: { shell: Shell; props: Extract<Props, { kind: 'ask' }> }) {
  const { account, form } = props;
  const name = displayName(account);
  return (
    <>
      <header class="door-head">
        <Avatar account={account} size={64} />
        <h1>{words.followTitle(name)}</h1>
        <p class="lead">{words.followFromLead(name)}</p>
      </header>
      {form.problem && <Notice kind="problem" text={form.problem} />}
      <Form action={`${profilePath(account)}/remote-follow`} csrf={shell.viewer?.csrf ?? null}>
        <Field
          label={words.followFrom}
          name="handle"
          hint={words.followFromHint}
          required
          maxLength={300}
          autocapitalize="none"
          spellcheck={false}
          value={form.values.handle ?? ''}
        />
        <div>
          <Button look="main">{words.followFromGo}</Button>
        </div>
      </Form>
    </>
  );
}

/** Between this server and others: what strangers get of remote things, and following from elsewhere. */
export function ElsewherePage({ shell, props }: { shell: Shell; props: Props }) {
  return (
    <div class="door inset">
      {(props.kind === 'account' || props.kind === 'post') && (
        <Original shell={shell} props={props} />
      )}
      {props.kind === 'follow' && <GoOn props={props} />}
      {props.kind === 'ask' && <AskServer shell={shell} props={props} />}
    </div>
  );
}
