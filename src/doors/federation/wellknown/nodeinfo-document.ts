import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import type { JsonObject } from '#base/core/json.ts';
import { readRegistration } from '#domain/closing.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { readSetting } from '#domain/settings.ts';
import { readUsage } from './read-usage.ts';

const MAX_NAME = 60;
const MAX_DESCRIPTION = 500;

/**
 * What this server is (NodeInfo 2.0 and 2.1), with true numbers that are at most ten minutes old. A
 * family tells no numbers and no name. Texts of the owner are cut and hold no control characters (T52).
 */
export function nodeinfoDocument(ctx: Context, version: '2.0' | '2.1'): JsonObject {
  const closed = isClosed(ctx);
  return {
    version,
    software: {
      name: 'tintype',
      version: buildInfo.version,
      ...(version === '2.1' && buildInfo.source ? { repository: buildInfo.source } : {}),
    },
    protocols: ['activitypub'],
    services: { inbound: [], outbound: [] },
    openRegistrations: readRegistration(ctx) === 'open',
    usage: closed ? { users: {} } : usageOf(ctx),
    metadata: closed ? {} : metadataOf(ctx),
  };
}

function usageOf(ctx: Context): JsonObject {
  const { total, activeMonth, activeHalfyear, posts } = readUsage(ctx);
  return { users: { total, activeMonth, activeHalfyear }, localPosts: posts };
}

function metadataOf(ctx: Context): JsonObject {
  return {
    nodeName: plain(readSetting(ctx, 'instance.name'), MAX_NAME),
    nodeDescription: plain(readSetting(ctx, 'instance.description'), MAX_DESCRIPTION),
  };
}

/** One line; no control characters, none that turn the direction of writing. */
function plain(text: string, most: number): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .slice(0, most);
}
