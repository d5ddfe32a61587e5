import type { StatusJson } from '#doors/entities/types.ts';
import { displayName, postPath } from '#web/client/address.ts';
import { site } from '#web/text/site.ts';
import { social as words } from '#web/text/social.ts';
import { Menu } from './menu.tsx';
import { PersonActs } from './person-acts.tsx';
import { MenuPost } from './post-button.tsx';

/** What one can do about somebody else's post: hear no more of it, or of its author. */
export function OthersMenu({ post, csrf }: { post: StatusJson; csrf: string }) {
  const { account } = post;
  const way = post.muted ? 'unmute' : 'mute';
  return (
    <Menu label={`${site.actions}: ${displayName(account)}`}>
      <MenuPost
        action={`${postPath(post)}/${way}`}
        csrf={csrf}
        label={post.muted ? words.unmuteThread : words.muteThread}
        icon="bell"
      />
      <PersonActs account={account} csrf={csrf} postId={post.id} />
    </Menu>
  );
}
