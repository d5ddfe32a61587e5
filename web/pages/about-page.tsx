import type { AboutPage as Props, Shell } from '#doors/entities/page-types.ts';
import { displayName, profilePath } from '#web/client/address.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { Rules } from '#web/components/rules.tsx';
import { about as words } from '#web/text/about.ts';
import { site } from '#web/text/site.ts';

/** `/about`: what this place is, who runs it, what is asked of people here. */
export function AboutPage({ shell, props }: { shell: Shell; props: Props }) {
  const { instance } = shell;
  return (
    <div class="inset stack-wide">
      <header class="door-head">
        <h1>{instance.name}</h1>
        {instance.description !== '' && <p class="lead">{instance.description}</p>}
      </header>
      <dl class="numbers">
        <div>
          <dt>{words.people}</dt>
          <dd>{props.accounts}</dd>
        </div>
        <div>
          <dt>{words.posts}</dt>
          <dd>{props.posts}</dd>
        </div>
      </dl>
      {props.contact && (
        <section class="stack">
          <h2>{words.contact}</h2>
          <a class="row quiet" href={profilePath(props.contact)}>
            <Avatar account={props.contact} size={40} />
            <span>{displayName(props.contact)}</span>
          </a>
        </section>
      )}
      <Rules rules={props.rules} />
      <section class="stack">
        <h2>{words.how}</h2>
        <p>
          {`${words.howText} `}
          <a href="/help">{words.more}</a>
        </p>
        <p>
          {`${words.licence} `}
          {instance.sourceUrl === null ? (
            words.askForSource
          ) : (
            <a href={instance.sourceUrl} rel="noopener noreferrer">
              {site.source}
            </a>
          )}
        </p>
      </section>
    </div>
  );
}
