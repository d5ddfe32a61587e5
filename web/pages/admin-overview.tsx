import type {
  AdminBanner,
  AdminFact,
  AdminLight,
  AdminOverview as Props,
} from '#doors/entities/admin-page-types.ts';
import { DateText } from '#web/components/date.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Notice } from '#web/components/notice.tsx';
import { Section } from '#web/components/section.tsx';
import { overview as words } from '#web/text/overview.ts';

function Banner({ banner }: { banner: AdminBanner }) {
  return (
    <li class="notice notice-problem" id={banner.key}>
      <Icon name="warn" />
      <div>
        <p>
          <strong>{banner.subject}</strong>
        </p>
        <p>{banner.text}</p>
        <p class="small soft">
          {`${words.since} `}
          <DateText at={banner.at} withTime />
        </p>
      </div>
    </li>
  );
}

function State({ light, banners }: { light: AdminLight; banners: readonly AdminBanner[] }) {
  const says = banners.length > 0 ? words.banners(banners.length) : words.state[light];
  const kinds = { ok: 'done', warn: 'hint', fail: 'problem' } as const;
  return <Notice kind={banners.length > 0 ? 'problem' : kinds[light]} text={says} />;
}

function Fact({ fact }: { fact: AdminFact }) {
  const mark = fact.light === 'ok' ? null : words.lights[fact.light];
  return (
    <div class={fact.light === 'ok' ? 'vital' : `vital vital-${fact.light}`}>
      <dt>{fact.label}</dt>
      <dd class="number">
        {fact.href === null ? fact.value : <a href={fact.href}>{fact.value}</a>}
        {mark && <span class="vital-mark">{mark}</span>}
      </dd>
    </div>
  );
}

function Hosts({ hosts }: { hosts: Props['hosts'] }) {
  return (
    <Section title={words.hosts} hint={words.hostsHint}>
      {hosts.length === 0 ? (
        <p class="soft">{words.hostsEmpty}</p>
      ) : (
        <ul class="rows rows-tight">
          {hosts.map((host) => (
            <li key={host.host}>
              <p class="code">{host.host}</p>
              <p class="small soft">
                {words.counts(host.waiting, host.givenUp)}
                {host.failingSince && (
                  <>
                    {`, ${words.failing} `}
                    <DateText at={host.failingSince} recent />
                  </>
                )}
              </p>
              {host.error && <p class="small soft wrap">{host.error}</p>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Troubles({ troubles }: { troubles: Props['troubles'] }) {
  return (
    <Section title={words.troubles} hint={words.troublesHint}>
      {troubles.length === 0 ? (
        <p class="soft">{words.troublesEmpty}</p>
      ) : (
        <ol class="rows rows-tight">
          {troubles.map((each, at) => (
            <li key={`${each.at}-${at}`}>
              <p class="small soft">
                <span class={`badge badge-${each.level}`}>{words.levels[each.level]}</span>{' '}
                <DateText at={each.at} withTime />
              </p>
              <p class="code wrap">{each.text}</p>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

/** How the place is: what needs somebody first, then numbers, then what went wrong of late. */
export function AdminOverview({
  overview,
  banners,
}: {
  overview: Props;
  banners: readonly AdminBanner[];
}) {
  return (
    <>
      <State light={overview.light} banners={banners} />
      {banners.length > 0 && (
        <ul class="bare">
          {banners.map((banner) => (
            <Banner key={banner.key} banner={banner} />
          ))}
        </ul>
      )}
      {overview.facts.map((group) => (
        <Section title={group.title} key={group.title}>
          <dl class="vitals">
            {group.facts.map((fact) => (
              <Fact key={fact.label} fact={fact} />
            ))}
          </dl>
          {group.href && (
            <p class="small">
              <a href={group.href}>{words.more(group.title)}</a>
            </p>
          )}
        </Section>
      ))}
      <Hosts hosts={overview.hosts} />
      <Troubles troubles={overview.troubles} />
      <p class="small soft">{words.doctor}</p>
    </>
  );
}
