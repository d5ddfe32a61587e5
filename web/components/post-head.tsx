import type { ComponentChildren } from 'preact';
import type { StatusJson } from '#doors/entities/types.ts';
import { displayName, postPath, profilePath } from '#web/client/address.ts';
import { posts as words } from '#web/text/posts.ts';
import { Avatar } from './avatar.tsx';
import { DateText } from './date.tsx';
import { ServerMark } from './server-mark.tsx';
import { VisibilityMark } from './visibility-mark.tsx';

/** Who published this, when, and for whom; `children` stand at the end of the line. */
export function PostHead({ post, children }: { post: StatusJson; children?: ComponentChildren }) {
  const { account } = post;
  return (
    <header class="post-head">
      <Avatar account={account} size={40} />
      <div class="post-who">
        <a class="post-name" href={profilePath(account)}>
          {displayName(account)}
        </a>
        <span class="post-when">
          <a href={postPath(post)}>
            <DateText at={post.created_at} recent />
          </a>
          {post.edited_at !== null &&
            (account.local ? (
              <a href={`${postPath(post)}/history`}>{words.edited}</a>
            ) : (
              <span>{words.edited}</span>
            ))}
          <VisibilityMark post={post} />
          <ServerMark account={account} />
        </span>
      </div>
      {children}
    </header>
  );
}
