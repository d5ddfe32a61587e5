import type { JoinPage as Props, Shell } from '#doors/entities/page-types.ts';
import { AccountFields } from '#web/components/account-fields.tsx';
import { Button } from '#web/components/button.tsx';
import { Form } from '#web/components/form.tsx';
import { Notice } from '#web/components/notice.tsx';
import { Rules } from '#web/components/rules.tsx';
import { accounts as words } from '#web/text/accounts.ts';

/** `/join/TOKEN`. POST there {username, email, password, next}; nobody is signed in, so no csrf. */
export function JoinPage({ shell, props }: { shell: Shell; props: Props }) {
  const { form, invite, inviter, next, rules } = props;
  return (
    <div class="door inset">
      <header class="door-head">
        <h1>{words.joinTitle(shell.instance.name)}</h1>
        <p class="lead">
          {inviter && `${words.joinFrom(inviter)} `}
          {words.joinLead}
        </p>
      </header>
      {form.problem && <Notice kind="problem" text={form.problem} />}
      <Form action={`/join/${encodeURIComponent(invite)}`} csrf={null}>
        {next !== '/' && <input type="hidden" name="next" value={next} />}
        <AccountFields form={form} />
        <Rules rules={rules} />
        {rules.length > 0 && <p class="small soft">{words.joinRules}</p>}
        <Button look="main" wide>
          {words.joinGo}
        </Button>
      </Form>
    </div>
  );
}
