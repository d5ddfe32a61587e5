import { Button } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { Switch } from '#web/components/switch.tsx';
import { site } from '#web/text/site.ts';
import { social as words } from '#web/text/social.ts';
import type { SettingsSection } from './settings-section.ts';

type Line = { name: string; label: string; hint?: string };

const see: readonly Line[] = [
  { name: 'see_likes', label: words.seeLikes },
  { name: 'see_boosts', label: words.seeBoosts, hint: words.seeBoostsHint },
  { name: 'see_comments', label: words.seeComments },
  { name: 'see_counts', label: words.seeCounts, hint: words.seeCountsHint },
];
const allow: readonly Line[] = [
  { name: 'allow_likes', label: words.allowLikes },
  { name: 'allow_boosts', label: words.allowBoosts },
  { name: 'allow_comments', label: words.allowComments, hint: words.allowCommentsHint },
];

/**
 * POST /settings/interactions: `csrf`, and as 1 when on `see_likes`, `see_boosts`, `see_comments`,
 * `see_counts`, `allow_likes`, `allow_boosts`, `allow_comments`.
 */
export function SettingsInteractions({ csrf, props }: SettingsSection) {
  const lines = (all: readonly Line[]) =>
    all.map((line) => (
      <Switch key={line.name} {...line} checked={props.form.values[line.name] === '1'} />
    ));
  return (
    <>
      <Form action="/settings/interactions" csrf={csrf} className="stack-wide">
        <Section title={words.see} hint={words.seeHint}>
          {lines(see)}
        </Section>
        <Section title={words.allow} hint={words.allowHint}>
          {lines(allow)}
        </Section>
        <div>
          <Button look="main">{site.save}</Button>
        </div>
      </Form>
      <KeptOut csrf={csrf} domains={props.hiddenDomains} />
    </>
  );
}

/** Lists of muted and blocked people, and servers. POST /settings/servers/{hide,show} {csrf, domain}. */
function KeptOut({ csrf, domains }: { csrf: string; domains: readonly string[] }) {
  return (
    <Section title={words.keptOut}>
      <p class="row">
        <a href="/settings/muted">{words.mutedTitle}</a>
        <a href="/settings/blocked">{words.blockedTitle}</a>
      </p>
      <h3>{words.hiddenServers}</h3>
      <p class="hint">{words.hiddenServersHint}</p>
      {domains.length > 0 && (
        <ul class="rows">
          {domains.map((domain) => (
            <li class="row spread" key={domain}>
              <bdi>{domain}</bdi>
              <PostButton
                action="/settings/servers/show"
                csrf={csrf}
                label={words.showServer}
                small
                fields={{ domain }}
              />
            </li>
          ))}
        </ul>
      )}
      <Form action="/settings/servers/hide" csrf={csrf}>
        <Field label={words.hideServer} name="domain" autocapitalize="none" required />
        <div>
          <Button>{words.hideServerGo}</Button>
        </div>
      </Form>
    </Section>
  );
}
