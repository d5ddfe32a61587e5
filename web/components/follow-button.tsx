import type { Standing } from '#doors/entities/page-types.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import { profilePath } from '#web/client/address.ts';
import { elsewhere } from '#web/text/federation.ts';
import { posts as words } from '#web/text/posts.ts';
import { PostButton } from './post-button.tsx';

/**
 * Follow, unfollow, or take a request back; the same for people of this and of other servers.
 * POST /@name/follow and /@name/unfollow {csrf, next}.
 */
export function FollowButton({
  account,
  standing,
  csrf,
  next,
}: {
  account: AccountJson;
  standing: Standing;
  csrf: string;
  /** The page to come back to; the profile if left out. */
  next?: string;
}) {
  const path = profilePath(account);
  const fields = next === undefined ? {} : { next };
  if (standing === 'none') {
    return (
      <PostButton
        action={`${path}/follow`}
        csrf={csrf}
        label={words.follow}
        look="main"
        small
        fields={fields}
      />
    );
  }
  if (standing === 'requested') {
    return (
      <div class="row">
        <span class="soft small">{words.requested}</span>
        <PostButton
          action={`${path}/unfollow`}
          csrf={csrf}
          label={elsewhere.takeBack}
          small
          fields={fields}
        />
      </div>
    );
  }
  return (
    <PostButton
      action={`${path}/unfollow`}
      csrf={csrf}
      label={words.unfollow}
      small
      fields={fields}
    />
  );
}
