import type { Shell } from '#doors/entities/page-types.ts';
import type { ExplorePage as Props } from '#doors/entities/social-page-types.ts';
import { Empty } from '#web/components/empty.tsx';
import { ExploreTabs } from '#web/components/explore-tabs.tsx';
import { FollowButton } from '#web/components/follow-button.tsx';
import { Person } from '#web/components/person.tsx';
import { PhotoGrid } from '#web/components/photo-grid.tsx';
import { explore as words } from '#web/text/explore.ts';

/** `/explore`: what many like, photos first. */
export function ExplorePage({ shell, props }: { shell: Shell; props: Props }) {
  const { posts, tags, people, federating } = props;
  const nothing = posts.length + tags.length + people.length === 0;
  return (
    <>
      <h1 class="unseen">{words.title}</h1>
      <ExploreTabs here="explore" shell={shell} federating={federating} />
      {nothing && <Empty title={words.emptyTitle} text={words.empty} />}
      {tags.length > 0 && (
        <section class="inset explore-part">
          <h2 class="unseen">{words.tags}</h2>
          <p class="chips">
            {tags.map((tag) => (
              <a class="chip" key={tag.name} href={`/tags/${encodeURIComponent(tag.name)}`}>
                {`#${tag.name}`}
              </a>
            ))}
          </p>
        </section>
      )}
      {posts.length > 0 && (
        <section class="explore-part">
          <h2 class="unseen">{words.photos}</h2>
          <PhotoGrid posts={posts} shape="square" />
        </section>
      )}
      {people.length > 0 && (
        <section class="inset explore-part">
          <h2>{words.people}</h2>
          <ul class="rows">
            {people.map(({ account, standing }) => (
              <Person key={account.id} account={account}>
                {shell.viewer && standing !== null && (
                  <FollowButton
                    account={account}
                    standing={standing}
                    csrf={shell.viewer.csrf}
                    next="/explore"
                  />
                )}
              </Person>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
