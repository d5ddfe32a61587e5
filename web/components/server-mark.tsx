import type { AccountJson } from '#doors/entities/types.ts';
import { hostOf } from '#web/client/address.ts';
import { elsewhere as words } from '#web/text/federation.ts';
import { Icon } from './icon.tsx';

/** Says quietly that somebody lives on another server; nothing for people of this one. */
export function ServerMark({ account }: { account: AccountJson }) {
  const host = hostOf(account);
  if (host === null) return null;
  return (
    <span class="fact server-mark" title={words.on(host)}>
      <Icon name="server" small />
      <span class="unseen">{`${words.on('')} `}</span>
      <bdi>{host}</bdi>
    </span>
  );
}
