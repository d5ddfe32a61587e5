import type { Context } from '#base/context.ts';
import type { JsonObject } from '#base/core/json.ts';
import { contexts } from './context.ts';
import { idsOf } from './ids.ts';

/**
 * The server itself, which signs everything that it reads elsewhere. It tells nothing that is not
 * known anyway, so everybody reads it unsigned: two servers that want signatures could never meet.
 */
export function instanceActorDocument(ctx: Pick<Context, 'config'>, publicPem: string): JsonObject {
  const ids = idsOf(ctx.config);
  return {
    '@context': contexts.actor,
    id: ids.instance,
    type: 'Application',
    // Its handle is the host twice, as on Pixelfed and Mastodon; a port is no part of a name.
    preferredUsername: new URL(ids.origin).hostname,
    name: ids.domain,
    summary: '',
    url: `${ids.origin}/about`,
    inbox: `${ids.instance}/inbox`,
    outbox: `${ids.instance}/outbox`,
    endpoints: { sharedInbox: ids.sharedInbox },
    publicKey: { id: ids.instanceKey, owner: ids.instance, publicKeyPem: publicPem },
    manuallyApprovesFollowers: true,
    discoverable: false,
    indexable: false,
  };
}
