import type { Shell } from '#doors/entities/page-types.ts';
import type { NewsRow, NotificationsPage as Props } from '#doors/entities/social-page-types.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import { displayName, postPath, profilePath } from '#web/client/address.ts';
import { Ask } from '#web/components/ask.tsx';
import { Avatar } from '#web/components/avatar.tsx';
import { Button } from '#web/components/button.tsx';
import { DateText } from '#web/components/date.tsx';
import { Empty } from '#web/components/empty.tsx';
import { Form } from '#web/components/form.tsx';
import { Icon, type IconName } from '#web/components/icon.tsx';
import { Pager } from '#web/components/pager.tsx';
import { Person } from '#web/components/person.tsx';
import { RequestButtons } from '#web/components/request-buttons.tsx';
import { Sifted } from '#web/components/sifted.tsx';
import { news as words } from '#web/text/news.ts';

const icons: Record<NewsRow['type'], IconName> = {
  mention: 'comment',
  favourite: 'like',
  reblog: 'boost',
  follow: 'followers',
  follow_request: 'followers',
  update: 'edit',
  status: 'image',
  move: 'right',
  'admin.report': 'flag',
  'admin.sign_up': 'me',
};

function Names({ people, count }: { people: readonly AccountJson[]; count: number }) {
  const [first, second] = people;
  if (first === undefined) return <>{words.somebody}</>;
  const name = (account: AccountJson) => (
    <a class="news-name" href={profilePath(account)}>
      {displayName(account)}
    </a>
  );
  if (second === undefined || count < 2) return name(first);
  if (count === 2) {
    return (
      <>
        {name(first)}
        {words.and}
        {name(second)}
      </>
    );
  }
  return (
    <>
      {name(first)}
      {words.andOthers(count - 1)}
    </>
  );
}

/** Where a line leads: to the post, the report, or nowhere but to the people. */
function placeOf({ type, post, reportId }: NewsRow): string | null {
  if (type === 'admin.report') return reportId === null ? null : `/admin/reports/${reportId}`;
  if (type === 'admin.sign_up') return '/admin/accounts';
  return post ? postPath(post) : null;
}

function Line({ row }: { row: NewsRow }) {
  const place = placeOf(row);
  const photo = row.post?.media_attachments[0];
  const said = row.post?.content_text ?? '';
  const filtered = row.post?.filtered ?? [];
  const reply = row.type === 'mention' || row.type === 'status' || row.type === 'update';
  return (
    <li class={row.fresh ? 'news news-fresh' : 'news'} data-news={row.key}>
      <Icon name={icons[row.type]} />
      <div class="news-words">
        {row.people.length > 1 && (
          <p class="news-faces">
            {row.people.map((account) => (
              <Avatar key={account.id} account={account} size={32} />
            ))}
          </p>
        )}
        <p>
          {row.people.length === 1 && row.people[0] && (
            <span class="news-face">
              <Avatar account={row.people[0]} size={32} />
            </span>
          )}
          <Names people={row.people} count={row.count} />{' '}
          {place === null ? (
            words.did[row.type]
          ) : (
            <a class="quiet" href={place}>
              {words.did[row.type]}
            </a>
          )}
          {row.fresh && <span class="unseen">{words.fresh}</span>}
        </p>
        {reply && said !== '' && place !== null && (
          <Sifted post={{ filtered }}>
            <p class="news-said">
              <a class="quiet" href={place}>
                {said.length > 200 ? `${said.slice(0, 200)}…` : said}
              </a>
            </p>
          </Sifted>
        )}
        <p class="small soft">
          <DateText at={row.at} recent />
        </p>
      </div>
      {photo?.preview_url && place !== null && filtered.length === 0 && (
        <img
          class="news-photo"
          src={photo.preview_url}
          alt=""
          width={48}
          height={48}
          loading="lazy"
        />
      )}
    </li>
  );
}

/**
 * `/notifications`. Forms: POST /notifications/read {csrf, last}, which a script sends by itself, and
 * /notifications/clear {csrf}; the buttons of requests.
 */
export function NotificationsPage({ shell, props }: { shell: Shell; props: Props }) {
  const { rows, requests, last, newer, older } = props;
  const csrf = shell.viewer?.csrf ?? '';
  return (
    <div data-notifications>
      <div class="page-head inset">
        <h1 class="list-title">{words.title}</h1>
        {last !== null && (
          <Form action="/notifications/read" csrf={csrf} className="post-button" id="mark-read">
            <input type="hidden" name="last" value={last} />
            <Button small>{words.markRead}</Button>
          </Form>
        )}
      </div>
      {requests.length > 0 && (
        <section class="inset news-requests">
          <h2>{words.requests}</h2>
          <ul class="rows">
            {requests.map(({ account }) => (
              <Person key={account.id} account={account}>
                <RequestButtons account={account} csrf={csrf} next="/notifications" />
              </Person>
            ))}
          </ul>
          {(shell.viewer?.requests ?? 0) > requests.length && (
            <p>
              <a href="/requests">{words.allRequests(shell.viewer?.requests ?? 0)}</a>
            </p>
          )}
        </section>
      )}
      {rows.length === 0 ? (
        <Empty title={words.emptyTitle} text={words.empty} />
      ) : (
        <ol class="plain news-list" aria-label={words.title}>
          {rows.map((row) => (
            <Line key={row.key} row={row} />
          ))}
        </ol>
      )}
      <Pager newer={newer} older={older} />
      {rows.length > 0 && (
        <div class="inset news-clear">
          <Ask
            label={words.clear}
            question={words.clearAsk}
            yes={words.clear}
            action="/notifications/clear"
            csrf={csrf}
            quiet
          />
        </div>
      )}
    </div>
  );
}
