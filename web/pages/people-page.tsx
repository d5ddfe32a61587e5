import type { PersonRow, PeoplePage as Props, Shell } from '#doors/entities/page-types.ts';
import { displayName, hostOf, profilePath, webAddress } from '#web/client/address.ts';
import { Ask } from '#web/components/ask.tsx';
import { Empty } from '#web/components/empty.tsx';
import { FollowButton } from '#web/components/follow-button.tsx';
import { Pager } from '#web/components/pager.tsx';
import { Person } from '#web/components/person.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { RequestButtons } from '#web/components/request-buttons.tsx';
import { elsewhere as words } from '#web/text/federation.ts';
import { posts } from '#web/text/posts.ts';
import { site } from '#web/text/site.ts';
import { social } from '#web/text/social.ts';

function Act({ row, shell, props }: { row: PersonRow; shell: Shell; props: Props }) {
  if (shell.viewer === null) return null;
  const { csrf } = shell.viewer;
  const next = shell.path;
  if (props.kind === 'requests') {
    return <RequestButtons account={row.account} csrf={csrf} next={next} />;
  }
  if (props.kind === 'muted' || props.kind === 'blocked') {
    const act = props.kind === 'muted' ? 'unmute' : 'unblock';
    return (
      <PostButton
        action={`${profilePath(row.account)}/${act}`}
        csrf={csrf}
        label={props.kind === 'muted' ? social.unmuteShort : social.unblockShort}
        small
        fields={{ next }}
      />
    );
  }
  return (
    <>
      {row.standing !== null && (
        <FollowButton account={row.account} standing={row.standing} csrf={csrf} next={next} />
      )}
      {props.own && props.kind === 'followers' && (
        <Ask
          label={words.removeFollower}
          question={words.removeFollowerAsk}
          yes={words.removeFollower}
          action={`${profilePath(row.account)}/remove-follower`}
          csrf={csrf}
          quiet
        >
          <input type="hidden" name="next" value={next} />
        </Ask>
      )}
    </>
  );
}

const titles = {
  requests: words.requestsTitle,
  likes: social.likedBy,
  boosts: social.boostedBy,
  muted: social.mutedTitle,
  blocked: social.blockedTitle,
} as const;
const empty = {
  followers: words.noFollowers,
  following: words.noFollowers,
  requests: words.noRequests,
  likes: social.nobody,
  boosts: social.nobody,
  muted: social.nobodyMuted,
  blocked: social.nobodyBlocked,
} as const;

function titleOf({ kind, profile }: Props): string {
  const name = displayName(profile);
  if (kind === 'followers') return words.followersOf(name);
  return kind === 'following' ? words.followingOf(name) : titles[kind];
}

/** Where a list of another server is whole. */
function Elsewhere({ profile, kind }: Props) {
  if (kind !== 'followers' && kind !== 'following') return null;
  const host = hostOf(profile);
  const original = webAddress(profile.url);
  if (host === null || original === null) return null;
  return (
    <p class="soft small inset">
      {`${words.onlyKnown(host)} `}
      <a href={original} rel="nofollow noopener noreferrer ugc">
        {words.original}
      </a>
    </p>
  );
}

/**
 * `/@name/followers`, `/@name/following`, `/requests`, who liked or boosted a post, and whom one muted
 * or blocked: people, each with what can be done.
 */
export function PeoplePage({ shell, props }: { shell: Shell; props: Props }) {
  const { kind, profile, own, people } = props;
  const ofProfile = kind === 'followers' || kind === 'following';
  return (
    <>
      <div class="page-head inset">
        <h1 class="list-title">{titleOf(props)}</h1>
        {ofProfile && <a href={profilePath(profile)}>{`@${profile.acct}`}</a>}
        {props.back && (
          <a href={props.back}>
            {kind === 'likes' || kind === 'boosts' ? posts.backToPost : site.back}
          </a>
        )}
      </div>
      {ofProfile && own && profile.hide_collections && (
        <p class="soft small inset">{words.hiddenOwn}</p>
      )}
      {kind === 'requests' && people.length > 0 && <p class="soft inset">{words.requestsLead}</p>}
      <Elsewhere {...props} />
      {people.length === 0 ? (
        <Empty text={empty[kind]} />
      ) : (
        <div class="inset">
          <ul class="rows">
            {people.map((row) => (
              <Person key={row.account.id} account={row.account}>
                <Act row={row} shell={shell} props={props} />
              </Person>
            ))}
          </ul>
        </div>
      )}
      <Pager newer={props.newer} older={props.older} />
    </>
  );
}
