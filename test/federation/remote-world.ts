import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor } from '#test/harness/peer.ts';

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
/** What the test in hand has opened. */
const open: { close(): Promise<void> | void }[] = [];

/** Closes what was opened, the last first: for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const each of open.splice(0).reverse()) await each.close();
}

/** Has something closed with the test. */
export function keepOpen<T extends { close(): Promise<void> | void }>(thing: T): T {
  open.push(thing);
  return thing;
}

export type World = { app: FederatedApp; peer: Peer; evil: Peer; bob: PeerActor };

/** A server, an honest peer with bob, and one that lies; nothing else on loopback may be reached. */
export async function createWorld(): Promise<World> {
  const allowAddresses = ['127.0.0.1', '127.0.0.3', '127.0.0.4'];
  const app = keepOpen(await createFederatedApp({ config: { allowAddresses } }));
  const peer = keepOpen(createPeer({ address: '127.0.0.3' }));
  const evil = keepOpen(createPeer({ address: '127.0.0.4' }));
  return { app, peer, evil, bob: peer.actor('bob') };
}

export type Json = Record<string, unknown>;

/** A public post as its server writes it. */
export function note(id: string, author: string, more: Json = {}): Json {
  return {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id,
    type: 'Note',
    attributedTo: author,
    to: [PUBLIC],
    content: '<p>Words</p>',
    published: '2026-11-01T10:00:00Z',
    ...more,
  };
}

/** Serves a document with a media type, or without any. */
export function typed(document: unknown, type: string | null): () => Response {
  return () => {
    const body = new TextEncoder().encode(JSON.stringify(document));
    const response = new Response(body, type === null ? {} : { headers: { 'content-type': type } });
    if (type === null) response.headers.delete('content-type');
    return response;
  };
}

/** A WebFinger answer. */
export function jrd(subject: string, href: string): () => Response {
  const links = [{ rel: 'self', type: 'application/activity+json', href }];
  return typed({ subject, links }, 'application/jrd+json');
}

/** Serves a WebFinger answer about a resource. */
export function finger(peer: Peer, resource: string, answer: () => Response): void {
  peer.serve(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`, answer);
}

/** How often addresses that begin so were asked for. */
export function hits(peer: Peer, start: string): number {
  return peer.requests.filter(({ path }) => path.startsWith(start)).length;
}
