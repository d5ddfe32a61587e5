import type { ProfilePage as Props, Shell } from '#doors/entities/page-types.ts';
import type { AccountJson } from '#doors/entities/types.ts';
import { displayName, profilePath, webAddress } from '#web/client/address.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { ButtonLink } from '#web/components/button.tsx';
import { Empty } from '#web/components/empty.tsx';
import { Html } from '#web/components/html.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Pager } from '#web/components/pager.tsx';
import { PhotoGrid } from '#web/components/photo-grid.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { posts as words } from '#web/text/posts.ts';
import { site } from '#web/text/site.ts';

/** POST /@name/follow and /@name/unfollow {csrf}. */
function Act({ shell, props }: { shell: Shell; props: Props }) {
  if (props.own) {
    return (
      <ButtonLink href="/settings/profile" icon="settings" small>
        {words.editProfile}
      </ButtonLink>
    );
  }
  if (shell.viewer === null || props.following === null) return null;
  const path = profilePath(props.profile);
  const { csrf } = shell.viewer;
  if (props.following === 'none') {
    return (
      <PostButton action={`${path}/follow`} csrf={csrf} label={words.follow} look="main" small />
    );
  }
  const label = props.following === 'requested' ? words.requested : words.unfollow;
  return <PostButton action={`${path}/unfollow`} csrf={csrf} label={label} small />;
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

function Counts({ profile, feedUrl }: { profile: AccountJson; feedUrl: string | null }) {
  return (
    <p class="profile-counts number">
      <span>{words.countPosts(profile.statuses_count)}</span>
      {!profile.hide_collections && (
        <>
          <span>{words.countFollowers(profile.followers_count)}</span>
          <span>{words.countFollowing(profile.following_count)}</span>
        </>
      )}
      {feedUrl && (
        <a class="fact quiet" href={feedUrl}>
          <Icon name="feed" small />
          {words.feed}
        </a>
      )}
    </p>
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
          <p class="soft">{`@${profile.acct}`}</p>
        </div>
        <div class="profile-act">
          <Act shell={shell} props={props} />
        </div>
        <div class="profile-words">
          <Details profile={profile} />
          <Counts profile={profile} feedUrl={props.feedUrl} />
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
