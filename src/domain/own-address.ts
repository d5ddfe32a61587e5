import type { Config } from '#base/config/config.ts';
import { parseId } from '#base/core/ids.ts';
import { originOf } from './origin.ts';

/** What one of our own ids names, as far as the domain knows such things. */
type OwnAddress =
  | { kind: 'account'; username: string }
  | { kind: 'post'; username: string; postId: number };

/** Host of this server with its port if there is one: what stands after the @ of its people. */
export function ownHost(config: Config): string {
  return new URL(originOf(config)).host;
}

/** The id under which other servers know an account of this server. */
export function ownActorUri(config: Config, username: string): string {
  return `${originOf(config)}/users/${username}`;
}

/** The id under which other servers know a post of this server. */
export function ownPostUri(config: Config, username: string, postId: number): string {
  return `${ownActorUri(config, username)}/posts/${postId}`;
}

/** Reads an id (or page address) of a person or a post of this server; null for everything else. */
export function readOwnAddress(config: Config, uri: string): OwnAddress | null {
  const origin = originOf(config);
  if (!uri.startsWith(`${origin}/`)) return null;
  const path = uri.slice(origin.length);
  const [, username = '', number = ''] =
    /^\/(?:users\/|@)([A-Za-z0-9_.-]{1,64})(?:(?:\/posts)?\/([0-9]{1,16}))?$/.exec(path) ?? [];
  if (username === '') return null;
  if (number === '') return { kind: 'account', username };
  const postId = parseId(number);
  return postId === null ? null : { kind: 'post', username, postId };
}
