import type { StatusJson } from '#doors/entities/types.ts';
import { hostOf, webAddress } from '#web/client/address.ts';

/** The way to a post of another server where it lives; nothing for posts of this one. */
export function OriginalLink({ post, text }: { post: StatusJson; text: string }) {
  const address = webAddress(post.url);
  if (hostOf(post.account) === null || address === null) return null;
  return (
    <a class="quiet" href={address} rel="nofollow noopener noreferrer ugc">
      {text}
    </a>
  );
}
