import type { HomePage as Props, Shell } from '#doors/entities/page-types.ts';
import { ButtonLink } from '#web/components/button.tsx';
import { Empty } from '#web/components/empty.tsx';
import { Pager } from '#web/components/pager.tsx';
import { PostCard } from '#web/components/post-card.tsx';
import { posts as words } from '#web/text/posts.ts';

/** `/`: what the people one follows have published, newest first. */
export function HomePage({ shell, props }: { shell: Shell; props: Props }) {
  const { posts, newer, older } = props;
  return (
    <>
      <h1 class="unseen">{shell.instance.name}</h1>
      {posts.length === 0 ? (
        <Empty
          title={words.emptyHomeTitle}
          text={shell.viewer ? words.emptyHome : words.emptyStranger}
        >
          {shell.viewer && (
            <ButtonLink href="/compose" look="main" icon="add">
              {words.emptyHomeAct}
            </ButtonLink>
          )}
        </Empty>
      ) : (
        <div class="feed">
          {posts.map((post, at) => (
            <PostCard key={post.id} post={post} viewer={shell.viewer} eager={at === 0} />
          ))}
        </div>
      )}
      <Pager newer={newer} older={older} />
    </>
  );
}
