/** What an actor of another server can be. */
export type ActorType = 'Person' | 'Service' | 'Group' | 'Application' | 'Organization';

/**
 * An account of another server as its actor document says it: strings are within their limits, HTML
 * is clean (`sanitiseHtml`), addresses are http(s) of the actor's own server where they must be.
 */
export type RemoteAccount = {
  /** The actor's id. */
  uri: string;
  username: string;
  /** What stands after the @, lower case, with a port if there is one. */
  domain: string;
  type: ActorType;
  displayName: string;
  bioHtml: string;
  /** Values are clean HTML. */
  fields: { name: string; value: string }[];
  url: string | null;
  inboxUrl: string;
  sharedInboxUrl: string | null;
  outboxUrl: string | null;
  followersUrl: string | null;
  followingUrl: string | null;
  featuredUrl: string | null;
  avatarUrl: string | null;
  headerUrl: string | null;
  locked: boolean;
  discoverable: boolean;
  indexable: boolean;
  hideCollections: boolean;
  /** Ids of actors that are the same person. */
  alsoKnownAs: string[];
  movedToUri: string | null;
  key: { id: string; pem: string } | null;
  /** Milliseconds since 1970. */
  createdAt: number | null;
};
