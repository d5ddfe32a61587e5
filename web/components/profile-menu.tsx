import type { ProfilePage, Shell } from '#doors/entities/page-types.ts';
import { profilePath } from '#web/client/address.ts';
import { elsewhere as words } from '#web/text/federation.ts';
import { site } from '#web/text/site.ts';
import { Ask } from './ask.tsx';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';
import { PersonActs } from './person-acts.tsx';
import { MenuPost } from './post-button.tsx';

/**
 * What else one can do about somebody: write to them, mute, block or report them, stop them from
 * following, and for admins, keep an account of
 * another server out. POST /@name/remove-follower, /admin/accounts/ID/suspend and /restore {csrf, next}.
 */
export function ProfileMenu({ shell, props }: { shell: Shell; props: ProfilePage }) {
  const { profile, follower, suspended } = props;
  if (shell.viewer === null) return null;
  const { csrf } = shell.viewer;
  const path = profilePath(profile);
  const next = <input type="hidden" name="next" value={path} />;
  return (
    <Menu label={site.actions}>
      <a class="menu-item" href={`/messages?to=${encodeURIComponent(`@${profile.acct}`)}`}>
        <Icon name="message" />
        {site.writeMessage}
      </a>
      {follower === 'follows' && (
        <Ask
          label={words.removeFollower}
          question={words.removeFollowerAsk}
          yes={words.removeFollower}
          action={`${path}/remove-follower`}
          csrf={csrf}
          icon="followers"
          inMenu
        />
      )}
      <PersonActs account={profile} csrf={csrf} muting={props.muting} blocking={props.blocking} />
      {suspended === false && (
        <Ask
          label={words.suspend}
          question={words.suspendAsk}
          yes={words.suspend}
          action={`/admin/accounts/${profile.id}/suspend`}
          csrf={csrf}
          icon="lock"
          inMenu
        >
          {next}
        </Ask>
      )}
      {suspended === true && (
        <MenuPost
          action={`/admin/accounts/${profile.id}/restore`}
          csrf={csrf}
          label={words.restore}
          icon="lock"
          fields={{ next: path }}
        />
      )}
    </Menu>
  );
}
