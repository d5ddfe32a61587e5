import type { ComponentChildren } from 'preact';
import type { AccountJson } from '#doors/entities/types.ts';
import { displayName, profilePath } from '#web/client/address.ts';
import { Avatar } from './avatar.tsx';

/** One person in a list; `children` stand at the end of the line. */
export function Person({
  account,
  children,
}: {
  account: AccountJson;
  children?: ComponentChildren;
}) {
  return (
    <li class="person">
      <Avatar account={account} size={40} />
      <div class="post-who">
        <a class="post-name" href={profilePath(account)}>
          {displayName(account)}
        </a>
        <bdi class="small soft person-handle">{`@${account.acct}`}</bdi>
      </div>
      <div class="row person-act">{children}</div>
    </li>
  );
}
