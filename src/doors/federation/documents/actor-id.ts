import type { Config } from '#base/config/config.ts';
import { idsOf } from './ids.ts';
import type { Named } from './queries.ts';

/** The actor's id, wherever it lives. */
export function actorId(config: Config, account: Pick<Named, 'uri' | 'username'>): string {
  return account.uri ?? idsOf(config).actor(account.username);
}

/** Where an account's followers are addressed; null if its server did not say. */
export function followersId(
  config: Config,
  account: Pick<Named, 'uri' | 'username' | 'followersUrl'>,
): string | null {
  return account.uri === null ? idsOf(config).followers(account.username) : account.followersUrl;
}

/** `@name@host`, as a Mention is called. */
export function handleOf(config: Config, account: Pick<Named, 'username' | 'domain'>): string {
  return `@${account.username}@${account.domain ?? idsOf(config).domain}`;
}
