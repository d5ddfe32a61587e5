import type { StatusJson } from '#doors/entities/types.ts';
import { posts as words } from '#web/text/posts.ts';
import { Icon } from './icon.tsx';

const marks = {
  unlisted: { icon: 'unlisted', text: words.unlisted },
  followers: { icon: 'followers', text: words.followersOnly },
  self: { icon: 'lock', text: words.onlyMe },
  direct: { icon: 'lock', text: words.direct },
} as const;

/** Says who sees a post when that is not everybody. */
export function VisibilityMark({ post }: { post: StatusJson }) {
  const { visibility, archived } = post.tintype;
  if (archived) {
    return (
      <span class="fact">
        <Icon name="archive" small />
        {words.archived}
      </span>
    );
  }
  if (visibility === 'public') return null;
  const mark = marks[visibility];
  return (
    <span class="fact">
      <Icon name={mark.icon} small />
      {mark.text}
    </span>
  );
}
