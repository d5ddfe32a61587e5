import type { PostPage, Shell } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { postPath } from '#web/client/address.ts';
import { posts as words } from '#web/text/posts.ts';
import { social } from '#web/text/social.ts';
import { Button } from './button.tsx';
import { Comment } from './comment.tsx';
import { TextArea } from './field.tsx';
import { Form } from './form.tsx';

type Below = ReadonlyMap<string, StatusJson[]>;

/** Comments by what they answer; one whose parent is not shown stands under the post itself. */
function byParent(all: readonly StatusJson[], root: string): Below {
  const shown = new Map(
    all.filter(({ id }) => id !== root).map((comment) => [comment.id, comment]),
  );
  return Map.groupBy(shown.values(), ({ in_reply_to_id: id }) =>
    id !== null && shown.has(id) ? id : root,
  );
}

type ThreadProps = { parent: string; below: Below; shell: Shell; props: PostPage; depth: number };

/** Further in there is no room on a phone: what is deeper stands below one another. */
const DEEPEST = 4;
/** As deep as threads are read, whatever a server says of what answers what. */
const BOTTOM = 50;

function Thread({ parent, below, shell, props, depth }: ThreadProps) {
  const comments = below.get(parent) ?? [];
  if (comments.length === 0 || depth > BOTTOM) return null;
  return (
    <ol class={depth > DEEPEST ? 'plain thread thread-deep' : 'plain thread'}>
      {comments.map((comment) => (
        <li key={comment.id}>
          <Comment
            comment={comment}
            shell={shell}
            root={props.post}
            canComment={props.canComment}
          />
          <Thread parent={comment.id} below={below} shell={shell} props={props} depth={depth + 1} />
        </li>
      ))}
    </ol>
  );
}

/** What people said under a post, as threads of any depth. POST /@name/ID/comment {csrf, caption}. */
export function Comments({ shell, props }: { shell: Shell; props: PostPage }) {
  const { comments, post } = props;
  if (post.tintype.hides?.comments) {
    return shell.viewer && <p class="soft small inset">{social.commentsHidden}</p>;
  }
  const none = post.tintype.allows.comment ? words.noComments : social.commentsOff;
  return (
    <section class="comments" id="comments" aria-labelledby="comments-title">
      <h2 id="comments-title">{words.comments}</h2>
      {comments.length === 0 ? (
        <p class="soft small">{none}</p>
      ) : (
        <Thread
          parent={post.id}
          below={byParent(comments, post.id)}
          shell={shell}
          props={props}
          depth={1}
        />
      )}
      {props.canComment && shell.viewer && (
        <Form action={`${postPath(post)}/comment`} csrf={shell.viewer.csrf} className="stack">
          <TextArea label={words.comment} name="caption" rows={2} maxLength={5000} required />
          <div>
            <Button look="main" small>
              {words.send}
            </Button>
          </div>
        </Form>
      )}
    </section>
  );
}
