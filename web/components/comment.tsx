import type { Shell } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { displayName, hostOf, postPath, profilePath } from '#web/client/address.ts';
import { elsewhere } from '#web/text/federation.ts';
import { posts as words } from '#web/text/posts.ts';
import { site } from '#web/text/site.ts';
import { social } from '#web/text/social.ts';
import { Ask } from './ask.tsx';
import { Avatar } from './avatar.tsx';
import { Button } from './button.tsx';
import { DateText } from './date.tsx';
import { TextArea } from './field.tsx';
import { Form } from './form.tsx';
import { Html } from './html.tsx';
import { Menu } from './menu.tsx';
import { OriginalLink } from './original-link.tsx';
import { PersonActs } from './person-acts.tsx';
import { PostActions } from './post-actions.tsx';
import { Sifted } from './sifted.tsx';

type Props = { comment: StatusJson; shell: Shell; root: StatusJson; canComment: boolean };

/** Who said it, and when; strangers have nothing to see here of somebody from elsewhere. */
function Head({ comment, shell }: Pick<Props, 'comment' | 'shell'>) {
  const { account } = comment;
  const away = hostOf(account) !== null && shell.viewer === null;
  const name = displayName(account);
  return (
    <p class="post-when">
      {away ? (
        <a class="post-name" href={account.url} rel="nofollow noopener noreferrer ugc">
          {name}
        </a>
      ) : (
        <a class="post-name" href={profilePath(account)}>
          {name}
        </a>
      )}
      {hostOf(account) !== null && <bdi class="comment-handle">{`@${account.acct}`}</bdi>}
      <DateText at={comment.created_at} recent />
      <OriginalLink post={comment} text={elsewhere.original} />
    </p>
  );
}

/** Further acts: delete what is one's own, mute, block or report the others. */
function More({ comment, csrf, own }: { comment: StatusJson; csrf: string; own: boolean }) {
  return (
    <Menu label={`${site.actions}: ${displayName(comment.account)}`}>
      {own ? (
        <Ask
          label={words.remove}
          question={words.removeComment}
          yes={words.removeYes}
          action={`${postPath(comment)}/delete`}
          csrf={csrf}
          inMenu
        />
      ) : (
        <PersonActs account={comment.account} csrf={csrf} postId={comment.id} />
      )}
    </Menu>
  );
}

/** A form behind one word. POST /@name/ID/comment {csrf, caption, next}. */
function Reply({ comment, csrf, root }: { comment: StatusJson; csrf: string; root: StatusJson }) {
  const name = displayName(comment.account);
  return (
    <details class="reply">
      <summary aria-label={social.replyTo(name)}>{social.reply}</summary>
      <Form action={`${postPath(comment)}/comment`} csrf={csrf} className="stack">
        <input type="hidden" name="next" value={postPath(root)} />
        <TextArea
          label={social.replyTo(name)}
          name="caption"
          id={`reply-${comment.id}`}
          rows={2}
          maxLength={5000}
          required
        />
        <div>
          <Button look="main" small>
            {words.send}
          </Button>
        </div>
      </Form>
    </details>
  );
}

/** One comment without those below it. */
export function Comment({ comment, shell, root, canComment }: Props) {
  const { viewer } = shell;
  const own = viewer !== null && viewer.account.id === comment.account.id;
  return (
    <div class="comment comment-target" id={`comment-${comment.id}`}>
      <Avatar account={comment.account} size={32} />
      <div>
        <div class="comment-line">
          <Head comment={comment} shell={shell} />
          {viewer && <More comment={comment} csrf={viewer.csrf} own={own} />}
        </div>
        <Sifted post={comment}>
          <Html className="comment-body" html={comment.content} />
          {comment.media_attachments.length > 0 && viewer && (
            <p class="small">
              <a href={postPath(comment)}>{words.photos(comment.media_attachments.length)}</a>
            </p>
          )}
        </Sifted>
        {viewer && (
          <div class="comment-acts">
            <PostActions post={comment} viewer={viewer} next={postPath(root)} small />
            {canComment && comment.tintype.allows.comment && (
              <Reply comment={comment} csrf={viewer.csrf} root={root} />
            )}
          </div>
        )}
      </div>
    </div>
  );
}
