import type { StatusJson } from '#doors/entities/types.ts';
import { webAddress } from '#web/client/address.ts';
import { posts as words } from '#web/text/posts.ts';
import { Icon } from './icon.tsx';

/** Place and licence, quietly, under the caption. */
export function PostFacts({ post }: { post: StatusJson }) {
  const { license } = post.tintype;
  const address = license ? webAddress(license.url) : null;
  if (!post.place && !license) return null;
  return (
    <p class="facts">
      {post.place && (
        <span class="fact">
          <Icon name="place" small />
          <span class="unseen">{`${words.place}: `}</span>
          {post.place.name}
        </span>
      )}
      {license && (
        <span class="fact">
          <Icon name="copyright" small />
          <span class="unseen">{`${words.licence}: `}</span>
          {address ? (
            <a href={address} rel="license noopener noreferrer">
              {license.title}
            </a>
          ) : (
            license.title
          )}
        </span>
      )}
    </p>
  );
}
