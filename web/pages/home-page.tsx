import type { HomePage as Props, Shell } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { ButtonLink } from '#web/components/button.tsx';
import { Empty } from '#web/components/empty.tsx';
import { Pager } from '#web/components/pager.tsx';
import { PostCard } from '#web/components/post-card.tsx';
import { posts as words } from '#web/text/posts.ts';

function Feed({ shell, posts }: { shell: Shell; posts: StatusJson[] }) {
  return (
    <div class="feed">
      {posts.map((post, at) => (
        <PostCard key={post.id} post={post} viewer={shell.viewer} eager={at === 0} />
      ))}
    </div>
  );
}

function Nothing({ shell, heading }: { shell: Shell; heading: string | null }) {
  if (heading !== null) return <Empty text={words.emptyTag} />;
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

/** `/` and `/tags/TAG`: photos in the order in which they were published, newest first. */
export function HomePage({ shell, props }: { shell: Shell; props: Props }) {
  const { posts, everybody, heading, newer, older } = props;
  return (
    <>
      {heading === null ? (
        <h1 class="unseen">{shell.instance.name}</h1>
      ) : (
        <h1 class="inset list-title">{heading}</h1>
      )}
      {posts.length === 0 ? (
        <Nothing shell={shell} heading={heading} />
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
