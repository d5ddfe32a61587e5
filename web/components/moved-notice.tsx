import type { AccountJson } from '#doors/entities/types.ts';
import { displayName, profilePath } from '#web/client/address.ts';
import { Icon } from './icon.tsx';

/** Says that somebody is somewhere else now, and leads there. */
export function MovedNotice({ lead, to }: { lead: string; to: AccountJson }) {
  return (
    <div class="notice" role="status">
      <Icon name="right" />
      <p>
        {`${lead} `}
        <a href={profilePath(to)}>{displayName(to)}</a>{' '}
        <bdi class="soft small">{`@${to.acct}`}</bdi>
      </p>
    </div>
  );
}
