import type { Config } from '#base/config/config.ts';
import type { JsonObject } from '#base/core/json.ts';
import { addresses } from '#doors/entities/addresses.ts';
import { actorId, handleOf } from './actor-id.ts';
import type { Named } from './queries.ts';

/** Hashtags and mentions of a post, always a list. */
export function tagsOf(
  config: Config,
  tags: readonly { name: string; display: string }[],
  mentioned: readonly Named[],
): JsonObject[] {
  const to = addresses(config);
  return [
    ...mentioned.map((each) => ({
      type: 'Mention',
      href: actorId(config, each),
      name: handleOf(config, each),
    })),
    ...tags.map(({ name, display }) => ({
      type: 'Hashtag',
      href: to.tag(name),
      name: `#${display.replace(/^#/, '')}`,
    })),
  ];
}
