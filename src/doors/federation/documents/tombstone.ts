import type { JsonObject } from '#base/core/json.ts';
import { contexts } from './context.ts';

/** What stands where something was that everybody could see (ActivityPub §6.4); served with 410. */
export function tombstone(uri: string): JsonObject {
  return { '@context': contexts.plain, id: uri, type: 'Tombstone' };
}
