import type { HomePage as Props, Shell } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { ButtonLink } from '#web/components/button.tsx';
import { Empty } from '#web/components/empty.tsx';
import { ExploreTabs } from '#web/components/explore-tabs.tsx';
import { Pager } from '#web/components/pager.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { PostCard } from '#web/components/post-card.tsx';
import { explore as look } from '#web/text/explore.ts';
import { posts as words } from '#web/text/posts.ts';

function Feed({ shell, posts }: { shell: Shell; posts: StatusJson[] }) {
  return (
    <div class="feed">
      {posts.map((post, at) => (
        <PostCard
          key={post.id}
          post={post}
          viewer={shell.viewer}
          next={shell.path}
          eager={at === 0}
        />
      ))}
    </div>
  );
}

const empty = {
  home: words.emptyHome,
  tag: words.emptyTag,
  local: look.emptyLocal,
  network: look.emptyNetwork,
  bookmarks: look.emptyBookmarks,
  likes: look.emptyLikes,
  list: look.emptyList,
} as const;

function Nothing({ shell, tab }: { shell: Shell; tab: Props['tab'] }) {
  if (tab !== 'home') return <Empty text={empty[tab]} />;
  const text = shell.viewer ? words.emptyHome : words.emptyStranger;
  return (
    <Empty title={words.emptyHomeTitle} text={text}>
      {shell.viewer && (
        <ButtonLink href="/compose" look="main" icon="add">
          {words.emptyHomeAct}
        </ButtonLink>
      )}
    </Empty>
  );
}

/** The title of a list, and for a hashtag the way to follow it. POST /tags/TAG/{follow,unfollow} {csrf}. */
function Head({ shell, props }: { shell: Shell; props: Props }) {
  const { heading, tab, tag, federating } = props;
  if (tab === 'local' || tab === 'network') {
    return (
      <>
        <h1 class="unseen">{tab === 'local' ? look.local : look.network}</h1>
        <ExploreTabs here={tab} shell={shell} federating={federating} />
      </>
    );
  }
  if (heading === null) return <h1 class="unseen">{shell.instance.name}</h1>;
  return (
    <div class="page-head inset">
      <h1 class="list-title" dir="auto">
        {heading}
      </h1>
      {tab === 'list' && <a href={`${shell.path.split('?')[0]}/edit`}>{look.listEdit}</a>}
      {shell.viewer && tag && (
        <PostButton
          action={`/tags/${encodeURIComponent(tag.name)}/${tag.following ? 'unfollow' : 'follow'}`}
          csrf={shell.viewer.csrf}
          label={tag.following ? look.unfollowTag : look.followTag}
          {...(tag.following ? {} : { look: 'main' as const })}
          small
        />
      )}
    </div>
  );
}

/** `/`, `/tags/TAG`, `/local`, `/network`, `/bookmarks`, `/likes`, `/lists/ID`: photos, the newest first. */
export function HomePage({ shell, props }: { shell: Shell; props: Props }) {
  const { posts, everybody, tab, newer, older } = props;
  return (
    <>
      <Head shell={shell} props={props} />
      {posts.length === 0 ? (
        <Nothing shell={shell} tab={tab} />
      ) : (
        <Feed shell={shell} posts={posts} />
      )}
      {everybody.length > 0 && (
        <>
          <header class="inset stack home-others">
            <h2>{words.everybodyTitle}</h2>
            <p class="soft">{words.everybody}</p>
          </header>
          <Feed shell={shell} posts={everybody} />
        </>
      )}
      <Pager newer={newer} older={older} />
    </>
  );
}
