import type { Config } from '#base/config/config.ts';
import { originOf } from '#domain/origin.ts';

/** The collection that stands for everybody (ActivityPub §5.6), always written out: `as:Public` is only known to JSON-LD. */
export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

/**
 * The ids of everything that this server speaks of, as pure functions of names and numbers. They
 * never change: other servers keep them.
 */
export function idsOf(config: Config) {
  const origin = originOf(config);
  const actor = (username: string) => `${origin}/users/${username}`;
  const post = (username: string, id: number) => `${actor(username)}/posts/${id}`;
  return {
    origin,
    /** What stands after the @ of our handles; with the port if there is one. */
    domain: new URL(origin).host,
    sharedInbox: `${origin}/inbox`,
    instance: `${origin}/actor`,
    instanceKey: `${origin}/actor#main-key`,
    actor,
    key: (username: string) => `${actor(username)}#main-key`,
    inbox: (username: string) => `${actor(username)}/inbox`,
    outbox: (username: string) => `${actor(username)}/outbox`,
    followers: (username: string) => `${actor(username)}/followers`,
    following: (username: string) => `${actor(username)}/following`,
    featured: (username: string) => `${actor(username)}/featured`,
    post,
    follow: (username: string, id: number | string) => `${actor(username)}#follows/${id}`,
    /** The answer to a Follow of somebody else: `id` is the follower's. */
    accept: (username: string, id: number) => `${actor(username)}#accepts/follows/${id}`,
    reject: (username: string, id: number) => `${actor(username)}#rejects/follows/${id}`,
    like: (username: string, postId: number) => `${actor(username)}#likes/${postId}`,
    share: (username: string, shareId: number) => `${actor(username)}#shares/${shareId}`,
    block: (username: string, targetId: number) => `${actor(username)}#blocks/${targetId}`,
    move: (username: string, targetId: number) => `${actor(username)}#moves/${targetId}`,
    flag: (reportId: number) => `${origin}/actor#flags/${reportId}`,
  };
}

/** What follows from the id of a post: its Create and its collections. */
export function idsOfPost(uri: string) {
  return {
    create: `${uri}/activity`,
    replies: `${uri}/replies`,
    likes: `${uri}/likes`,
    shares: `${uri}/shares`,
  };
}
