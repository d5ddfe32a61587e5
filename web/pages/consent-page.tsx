import type { ConsentPage as Props } from '#doors/entities/app-types.ts';
import type { Shell } from '#doors/entities/page-types.ts';
import { displayName } from '#web/client/address.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { Button } from '#web/components/button.tsx';
import { CopyField } from '#web/components/copy-field.tsx';
import { Form } from '#web/components/form.tsx';
import { WebLink } from '#web/components/web-link.tsx';
import { permissions, consent as words } from '#web/text/consent.ts';

type Question = Extract<Props, { step: 'ask' }>;

/** The code for an app that no address leads to. */
function Code({ app, code }: { app: string; code: string }) {
  return (
    <div class="door inset">
      <header class="door-head">
        <h1>{words.codeTitle}</h1>
        <p class="lead">{words.codeLead(app)}</p>
      </header>
      <CopyField id="code" label={words.code} hint={words.codeHint} value={code} />
    </div>
  );
}

function Who({ props }: { props: Question }) {
  const { account, otherAccount } = props;
  return (
    <div class="consent-who">
      <Avatar account={account} size={40} />
      <div>
        <p class="small soft">{words.as}</p>
        <p>
          <bdi>{displayName(account)}</bdi> <bdi class="small soft">{`@${account.acct}`}</bdi>
        </p>
        <p class="small">
          <a href={otherAccount}>{words.other}</a>
        </p>
      </div>
    </div>
  );
}

/**
 * `/oauth/authorize`. POST there {csrf, decision: allow | deny} with what the app asked; needs no
 * script. Who answers sees whom it reaches, because a name alone can be anybody's.
 */
export function ConsentPage({ shell, props }: { shell: Shell; props: Props }) {
  if (props.step === 'code') return <Code app={props.app.name} code={props.code} />;
  const { app, fields, goesTo, scopes } = props;
  return (
    <div class="door inset">
      <header class="door-head">
        <h1>
          <bdi>{words.title(app.name)}</bdi>
        </h1>
        {app.website !== null && (
          <p class="lead">
            <WebLink href={app.website} />
          </p>
        )}
      </header>
      <Who props={props} />
      <div>
        <p>{words.asks}</p>
        <ul class="consent-asks">
          {permissions(scopes).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </div>
      <Form action="/oauth/authorize" csrf={shell.viewer?.csrf ?? null} again>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <p class="small soft">
          <strong>{words.goesTo[goesTo.kind](goesTo.name)}</strong>
          {` ${words.unknown} ${words.takeBack}`}
        </p>
        <Button look="main" wide name="decision" value="allow">
          {words.allow}
        </Button>
        <Button wide name="decision" value="deny">
          {words.deny}
        </Button>
      </Form>
    </div>
  );
}
