import type { JsonObject, JsonValue } from '#base/core/json.ts';

const AS = 'https://www.w3.org/ns/activitystreams';
const SECURITY = 'https://w3id.org/security/v1';

const schemaTerms = {
  schema: 'http://schema.org#',
  PropertyValue: 'schema:PropertyValue',
  value: 'schema:value',
};

/** Mastodon, Pixelfed, GoToSocial and schema.org, as their own servers write them. */
const noteTerms: JsonObject = {
  Hashtag: 'as:Hashtag',
  sensitive: 'as:sensitive',
  toot: 'http://joinmastodon.org/ns#',
  blurhash: 'toot:blurhash',
  focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' },
  ...schemaTerms,
  license: { '@id': 'schema:license', '@type': '@id' },
  exifData: { '@id': 'schema:exifData', '@container': '@set' },
  pixelfed: 'http://pixelfed.org/ns#',
  commentsEnabled: 'pixelfed:commentsEnabled',
  capabilities: { '@id': 'pixelfed:capabilities', '@container': '@set' },
  announce: { '@id': 'pixelfed:canAnnounce', '@type': '@id' },
  like: { '@id': 'pixelfed:canLike', '@type': '@id' },
  reply: { '@id': 'pixelfed:canReply', '@type': '@id' },
  gts: 'https://gotosocial.org/ns#',
  interactionPolicy: { '@id': 'gts:interactionPolicy', '@type': '@id' },
  canLike: { '@id': 'gts:canLike', '@type': '@id' },
  canReply: { '@id': 'gts:canReply', '@type': '@id' },
  canAnnounce: { '@id': 'gts:canAnnounce', '@type': '@id' },
  canQuote: { '@id': 'gts:canQuote', '@type': '@id' },
  automaticApproval: { '@id': 'gts:automaticApproval', '@type': '@id' },
  manualApproval: { '@id': 'gts:manualApproval', '@type': '@id' },
};

const actorTerms: JsonObject = {
  manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
  toot: 'http://joinmastodon.org/ns#',
  featured: { '@id': 'toot:featured', '@type': '@id' },
  discoverable: 'toot:discoverable',
  indexable: 'toot:indexable',
  alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
  movedTo: { '@id': 'as:movedTo', '@type': '@id' },
  webfinger: 'https://purl.archive.org/socialweb/webfinger#webfinger',
  ...schemaTerms,
};

/** The `@context` of a document: plain ActivityStreams first, then what else its words mean. Nobody has to fetch ours. */
export const contexts = {
  plain: AS,
  note: [AS, noteTerms],
  actor: [AS, SECURITY, actorTerms],
} satisfies Record<string, JsonValue>;

/** The same object inside another one, which has the context for both. */
export function withoutContext(document: JsonObject): JsonObject {
  const { '@context': _context, ...rest } = document;
  return rest;
}

/** Seconds since nobody needs more: RFC 3339 with `Z`. */
export function documentTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
