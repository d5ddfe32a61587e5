import type { ProfilePage as Props, Shell } from '#doors/entities/page-types.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import { displayName, hostOf, profilePath, webAddress } from '#web/client/address.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { ButtonLink } from '#web/components/button.tsx';
import { Empty } from '#web/components/empty.tsx';
import { FollowButton } from '#web/components/follow-button.tsx';
import { Html } from '#web/components/html.tsx';
import { Icon } from '#web/components/icon.tsx';
import { MovedNotice } from '#web/components/moved-notice.tsx';
import { OwnMenu } from '#web/components/own-menu.tsx';
import { Pager } from '#web/components/pager.tsx';
import { PhotoGrid } from '#web/components/photo-grid.tsx';
import { ProfileMenu } from '#web/components/profile-menu.tsx';
import { RequestButtons } from '#web/components/request-buttons.tsx';
import { elsewhere } from '#web/text/federation.ts';
import { posts as words } from '#web/text/posts.ts';
import { site } from '#web/text/site.ts';

/** What the viewer can do: edit the own profile, follow somebody else's, or answer a request. */
function Act({ shell, props }: { shell: Shell; props: Props }) {
  if (props.own) {
    return (
      <div class="row">
        <ButtonLink href="/settings/profile" icon="settings" small>
          {words.editProfile}
        </ButtonLink>
        {shell.viewer && <OwnMenu viewer={shell.viewer} />}
      </div>
    );
  }
  if (shell.viewer === null || props.following === null) return null;
  const { csrf } = shell.viewer;
  return (
    <div class="row">
      <FollowButton account={props.profile} standing={props.following} csrf={csrf} />
      <ProfileMenu shell={shell} props={props} />
    </div>
  );
}

function Details({ profile }: { profile: AccountJson }) {
  const website = webAddress(profile.website);
  const facts = [profile.pronouns.join(', '), profile.location ?? ''].filter(Boolean);
  return (
    <>
      {profile.note !== '' && <Html className="caption" html={profile.note} />}
      {(facts.length > 0 || website) && (
        <p class="facts">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
          {website && (
            <a href={website} rel="me nofollow noopener noreferrer ugc">
              {website.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '')}
            </a>
          )}
        </p>
      )}
      {profile.fields.length > 0 && (
        <dl class="profile-fields">
          {profile.fields.map((field) => (
            <>
              <dt>{field.name}</dt>
              <dd>
                <Html html={field.value} />
              </dd>
            </>
          ))}
        </dl>
      )}
    </>
  );
}

function Counts({ shell, props }: { shell: Shell; props: Props }) {
  const { profile, feedUrl, own } = props;
  const path = profilePath(profile);
  const host = hostOf(profile);
  const original = webAddress(profile.url);
  const shown = own || !profile.hide_collections;
  const [followers, following] = [
    words.countFollowers(profile.followers_count),
    words.countFollowing(profile.following_count),
  ];
  return (
    <p class="profile-counts number">
      <span>{words.countPosts(profile.statuses_count)}</span>
      {shown && (
        <>
          <a class="fact quiet" href={`${path}/followers`}>
            {followers}
          </a>
          <a class="fact quiet" href={`${path}/following`}>
            {following}
          </a>
        </>
      )}
      {own && shell.viewer && shell.viewer.requests > 0 && (
        <a class="fact" href="/requests">
          {elsewhere.requestsWaiting(shell.viewer.requests)}
        </a>
      )}
      {feedUrl && (
        <a class="fact quiet" href={feedUrl}>
          <Icon name="feed" small />
          {words.feed}
        </a>
      )}
      {host !== null && original && (
        <a class="fact quiet" href={original} rel="nofollow noopener noreferrer ugc">
          <Icon name="server" small />
          {elsewhere.originalOn(host)}
        </a>
      )}
    </p>
  );
}

function Asking({ shell, props }: { shell: Shell; props: Props }) {
  if (props.follower !== 'asks' || shell.viewer === null) return null;
  return (
    <div class="notice row spread">
      <p>{elsewhere.asksYou}</p>
      <RequestButtons account={props.profile} csrf={shell.viewer.csrf} />
    </div>
  );
}

function Notices({ shell, props }: { shell: Shell; props: Props }) {
  const { profile, movedTo, own } = props;
  return (
    <>
      {props.suspended && (
        <div class="notice notice-problem">
          <p>{elsewhere.suspendedHere}</p>
        </div>
      )}
      {movedTo && (
        <MovedNotice
          lead={own ? elsewhere.movedOwn : elsewhere.moved(displayName(profile))}
          to={movedTo}
        />
      )}
      <Asking shell={shell} props={props} />
    </>
  );
}

/** `/@name`: who somebody is, and the photos in three columns. */
export function ProfilePage({ shell, props }: { shell: Shell; props: Props }) {
  const { profile, posts, own } = props;
  const name = displayName(profile);
  return (
    <>
      <header class="profile-head">
        <Avatar account={profile} size={96} />
        <div class="profile-title">
          <h1>{name}</h1>
          <p class="soft profile-handle">
            <bdi>{`@${profile.acct}`}</bdi>
            {props.follower === 'follows' && <span class="badge">{elsewhere.followsYou}</span>}
          </p>
        </div>
        <div class="profile-act">
          <Act shell={shell} props={props} />
        </div>
        <div class="profile-words">
          <Details profile={profile} />
          <Counts shell={shell} props={props} />
          {props.remoteFollow && (
            <a class="small" href={`${profilePath(profile)}/remote-follow`}>
              {elsewhere.followFrom}
            </a>
          )}
          <Notices shell={shell} props={props} />
        </div>
      </header>
      {posts.length > 0 ? (
        <PhotoGrid posts={posts} shape={props.shape} />
      ) : (
        <Empty text={own ? words.emptyProfileOwn : words.emptyProfile(name)}>
          {own && (
            <ButtonLink href="/compose" look="main" icon="add">
              {site.addPhotos}
            </ButtonLink>
          )}
        </Empty>
      )}
      <Pager newer={props.newer} older={props.older} />
    </>
  );
}
