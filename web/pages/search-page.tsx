import type { SearchPage as Props, Shell } from '#doors/entities/page-types.ts';
import { Button } from '#web/components/button.tsx';
import { Empty } from '#web/components/empty.tsx';
import { FollowButton } from '#web/components/follow-button.tsx';
import { Notice } from '#web/components/notice.tsx';
import { Person } from '#web/components/person.tsx';
import { PostCard } from '#web/components/post-card.tsx';
import { elsewhere as words } from '#web/text/federation.ts';

function Box({ query, federating }: Pick<Props, 'query' | 'federating'>) {
  // Another server may take its time: the button says so meanwhile.
  return (
    <search>
      <form method="get" action="/search" class="search inset" data-busy={words.searching}>
        <label class="label" for="q">
          {words.searchLabel}
        </label>
        <div class="copy">
          <input
            class="input"
            id="q"
            name="q"
            type="search"
            value={query}
            required
            maxLength={2000}
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            aria-describedby="q-hint"
          />
          <Button look="main" icon="search">
            {words.searchGo}
          </Button>
        </div>
        <p class="hint" id="q-hint">
          {federating ? words.searchHint : words.searchHintAlone}
        </p>
      </form>
    </search>
  );
}

function Found({ shell, props }: { shell: Shell; props: Props }) {
  const { people, posts, tags } = props;
  return (
    <div class="stack-wide">
      {people.length > 0 && (
        <section class="inset">
          <h2>{words.people}</h2>
          <ul class="rows">
            {people.map(({ account, standing }) => (
              <Person key={account.id} account={account}>
                {shell.viewer && standing !== null && (
                  <FollowButton
                    account={account}
                    standing={standing}
                    csrf={shell.viewer.csrf}
                    next={shell.path}
                  />
                )}
              </Person>
            ))}
          </ul>
        </section>
      )}
      {tags.length > 0 && (
        <section class="inset stack">
          <h2>{words.tags}</h2>
          <p class="row">
            {tags.map((tag) => (
              <a class="fact" key={tag} href={`/tags/${encodeURIComponent(tag)}`}>
                {`#${tag}`}
              </a>
            ))}
          </p>
        </section>
      )}
      {posts.length > 0 && (
        <section>
          <h2 class="inset list-title">{words.posts}</h2>
          <div class="feed">
            {posts.map((post) => (
              <PostCard key={post.id} post={post} viewer={shell.viewer} next={shell.path} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

/** `/search?q=`: people here and elsewhere, posts by their address, hashtags. */
export function SearchPage({ shell, props }: { shell: Shell; props: Props }) {
  const { query, problem, federating } = props;
  const found = props.people.length + props.posts.length + props.tags.length > 0;
  const lead = federating ? words.searchLeadText : words.searchLeadAlone;
  return (
    <>
      <h1 class="unseen">{words.search}</h1>
      <Box query={query} federating={federating} />
      {problem !== null && (
        <div class="inset">
          <Notice kind="problem" text={problem} />
        </div>
      )}
      {found && <Found shell={shell} props={props} />}
      {!found && problem === null && (
        <Empty
          {...(query === '' ? { title: words.searchLead } : {})}
          text={query === '' ? lead : words.nothing(query)}
        />
      )}
    </>
  );
}
