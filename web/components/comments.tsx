import type { PostPage, Shell } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { displayName, hostOf, postPath, profilePath } from '#web/client/address.ts';
import { elsewhere } from '#web/text/federation.ts';
import { posts as words } from '#web/text/posts.ts';
import { Ask } from './ask.tsx';
import { Avatar } from './avatar.tsx';
import { Button } from './button.tsx';
import { DateText } from './date.tsx';
import { TextArea } from './field.tsx';
import { Form } from './form.tsx';
import { Html } from './html.tsx';
import { OriginalLink } from './original-link.tsx';

function Comment({ comment, shell }: { comment: StatusJson; shell: Shell }) {
  const own = shell.viewer !== null && shell.viewer.account.id === comment.account.id;
  // Strangers have nothing to see here of somebody from elsewhere.
  const page = hostOf(comment.account) !== null && shell.viewer === null;
  const name = displayName(comment.account);
  return (
    <li class="comment" id={`comment-${comment.id}`}>
      <Avatar account={comment.account} size={32} />
      <div>
        <p class="post-when">
          {page ? (
            <a class="post-name" href={comment.account.url} rel="nofollow noopener noreferrer ugc">
              {name}
            </a>
          ) : (
            <a class="post-name" href={profilePath(comment.account)}>
              {name}
            </a>
          )}
          {hostOf(comment.account) !== null && (
            <bdi class="comment-handle">{`@${comment.account.acct}`}</bdi>
          )}
          <DateText at={comment.created_at} recent />
          <OriginalLink post={comment} text={elsewhere.original} />
        </p>
        <Html className="comment-body" html={comment.content} />
        {comment.media_attachments.length > 0 && shell.viewer && (
          <p class="small">
            <a href={postPath(comment)}>{words.photos(comment.media_attachments.length)}</a>
          </p>
        )}
        {own && shell.viewer && (
          <Ask
            label={words.remove}
            question={words.removeComment}
            yes={words.removeYes}
            action={`${postPath(comment)}/delete`}
            csrf={shell.viewer.csrf}
            quiet
          />
        )}
      </div>
    </li>
  );
}

/** What people said under a post. POST /@name/ID/comment {csrf, caption}. */
export function Comments({ shell, props }: { shell: Shell; props: PostPage }) {
  const { comments, post } = props;
  return (
    <section class="comments" id="comments" aria-labelledby="comments-title">
      <h2 id="comments-title">{words.comments}</h2>
      {comments.length === 0 ? (
        <p class="soft small">{words.noComments}</p>
      ) : (
        <ol class="plain stack">
          {comments.map((comment) => (
            <Comment key={comment.id} comment={comment} shell={shell} />
          ))}
        </ol>
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
