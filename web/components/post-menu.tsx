import type { StatusJson } from '#doors/entities/types.ts';
import { postPath } from '#web/client/address.ts';
import { elsewhere } from '#web/text/federation.ts';
import { posts as words } from '#web/text/posts.ts';
import { site } from '#web/text/site.ts';
import { Ask } from './ask.tsx';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';
import { MenuPost } from './post-button.tsx';

/** Only what everybody sees hangs at the top of a profile. */
function pinnable(post: StatusJson): boolean {
  const { visibility, archived } = post.tintype;
  const open = visibility === 'public' || visibility === 'unlisted';
  return (open && !archived && post.pf_type !== 'reply') || post.pinned === true;
}

/** What an author can do with a post. */
export function PostMenu({ post, csrf }: { post: StatusJson; csrf: string }) {
  const path = postPath(post);
  return (
    <Menu label={site.actions}>
      <a class="menu-item" href={`${path}/edit`}>
        <Icon name="edit" />
        {words.edit}
      </a>
      {post.tintype.edits > 0 && (
        <a class="menu-item" href={`${path}/history`}>
          <Icon name="history" />
          {words.history}
        </a>
      )}
      {pinnable(post) && (
        <MenuPost
          action={`${path}/${post.pinned ? 'unpin' : 'pin'}`}
          csrf={csrf}
          label={post.pinned ? elsewhere.unpin : elsewhere.pin}
          icon="pin"
        />
      )}
      {post.tintype.archived ? (
        <MenuPost action={`${path}/restore`} csrf={csrf} label={words.restore} icon="archive" />
      ) : (
        <MenuPost action={`${path}/archive`} csrf={csrf} label={words.archive} icon="archive" />
      )}
      <Ask
        label={words.remove}
        question={words.removeAsk}
        yes={words.removeYes}
        action={`${path}/delete`}
        csrf={csrf}
        inMenu
      />
    </Menu>
  );
}
