import type { Config } from '#base/config/config.ts';
import { handleOf } from '#doors/federation/documents/actor-id.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import type { ArchivedPerson } from './format.ts';
import { findPeople, type Somebody } from './out-people-queries.ts';
import type { Out } from './out-types.ts';

/** How an archive names somebody. */
export function namePerson(config: Config, somebody: Somebody): ArchivedPerson {
  return {
    handle: handleOf(config, somebody).slice(1),
    uri: somebody.uri ?? idsOf(config).actor(somebody.username),
    name: somebody.displayName,
  };
}

/** Names many at once; who is gone is not in the map. */
export function namePeople(
  { ctx }: Pick<Out, 'ctx'>,
  ids: readonly number[],
): Map<number, ArchivedPerson> {
  const people = findPeople(ctx.db, [...new Set(ids)]);
  return new Map([...people].map(([id, each]) => [id, namePerson(ctx.config, each)]));
}

/** The id of a post in the fediverse, wherever it is from; `username` is its author's. */
export function uriOf(config: Config, post: { id: number; uri: string | null }, username: string) {
  return post.uri ?? idsOf(config).post(username, post.id);
}

/** Milliseconds as the archive writes them. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The same, where there may be none. */
export function timeOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : timeText(milliseconds);
}
