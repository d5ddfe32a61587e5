import type { PageViewer } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { postPath } from '#web/client/address.ts';
import { posts } from '#web/text/posts.ts';
import { social as words } from '#web/text/social.ts';
import { Form } from './form.tsx';
import { Icon, type IconName } from './icon.tsx';
import { PostCounts } from './post-counts.tsx';

type ActName = 'like' | 'boost' | 'bookmark';
const acts = {
  like: { on: 'favourited', icon: 'like', label: words.like, undo: words.unlike },
  boost: { on: 'reblogged', icon: 'boost', label: words.boost, undo: words.unboost },
  bookmark: { on: 'bookmarked', icon: 'bookmark', label: words.bookmark, undo: words.unbookmark },
} as const satisfies Record<
  ActName,
  { on: keyof StatusJson; icon: IconName; label: string; undo: string }
>;

type ActProps = { post: StatusJson; csrf: string; next: string | undefined };

/**
 * One sign to press: a form without a script; with one `enhance-acts.ts` asks our own API instead.
 * POST /@name/ID/{like,unlike,boost,unboost,bookmark,unbookmark} {csrf, next}.
 */
function Act({
  post,
  csrf,
  next,
  name,
  count,
}: ActProps & { name: ActName; count: number | null }) {
  const { on, icon, label, undo } = acts[name];
  const done = post[on] === true;
  return (
    <Form
      action={`${postPath(post)}/${done ? `un${name}` : name}`}
      csrf={csrf}
      className="act-form"
    >
      {next !== undefined && <input type="hidden" name="next" value={next} />}
      <button
        type="submit"
        class="act"
        data-act={name}
        data-post-id={post.id}
        data-undo={undo}
        data-do={label}
        data-on={done ? '' : undefined}
        aria-pressed={done ? 'true' : 'false'}
        title={done ? undo : label}
      >
        <Icon name={icon} />
        <span class="unseen">{label}</span>
        {count !== null && (
          <span class="act-count number" data-count>
            {count > 0 ? count : ''}
          </span>
        )}
      </button>
    </Form>
  );
}

/** Like, comment, boost and keep: the signs under a post, with quiet numbers, for whoever is signed in. */
export function PostActions({
  post,
  viewer,
  next,
  counted = false,
  small = false,
}: {
  post: StatusJson;
  viewer: PageViewer | null;
  /** The page to come back to; the post's own if left out. */
  next?: string;
  /** True where the numbers stand beside, as links to the people behind them. */
  counted?: boolean;
  /** Under a comment. */
  small?: boolean;
}) {
  if (viewer === null) return <PostCounts post={post} comments />;
  const { allows, hides, visibility, archived } = post.tintype;
  if (archived) return null;
  const { csrf } = viewer;
  const all = { post, csrf, next };
  const count = (n: number) => (hides?.counts || counted ? null : n);
  const open = visibility === 'public' || visibility === 'unlisted';
  const likes = (allows.like || post.favourited) && !hides?.likes;
  const boosts = ((allows.share && open) || post.reblogged) && !hides?.boosts;
  const comments = (allows.comment || post.replies_count > 0) && !hides?.comments;
  return (
    <div class={small ? 'acts acts-small' : 'acts'} id={`post-${post.id}`}>
      {likes && <Act {...all} name="like" count={count(post.favourites_count)} />}
      {comments && !small && (
        <a class="act" href={`${postPath(post)}#comments`} title={posts.comments}>
          <Icon name="comment" />
          <span class="unseen">{posts.commentCount(post.replies_count)}</span>
          {!hides?.counts && post.replies_count > 0 && (
            <span class="act-count number" aria-hidden="true">
              {post.replies_count}
            </span>
          )}
        </a>
      )}
      {boosts && !small && <Act {...all} name="boost" count={count(post.reblogs_count)} />}
      {!small && (
        <span class="acts-end">
          <Act {...all} name="bookmark" count={null} />
        </span>
      )}
    </div>
  );
}
