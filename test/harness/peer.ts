import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Deviation, signCavage, signMessage } from './peer-signatures.ts';

type Json = Record<string, unknown>;
type Answer = Response | Json | ((request: Request) => Response | Json | Promise<Response | Json>);

/** Somebody on a scripted server. */
export type PeerActor = {
  readonly name: string;
  readonly uri: string;
  readonly keyId: string;
  readonly inbox: string;
  /** `bob@127.0.0.3:41234` */
  readonly handle: string;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  /** The actor document as it is served; change it and the next reader sees the change. */
  readonly document: Json;
};

/** One request that a scripted server got. */
export type Seen = { method: string; path: string; headers: Headers; body: string };

export type PostOptions = {
  as: PeerActor;
  scheme?: 'cavage' | 'rfc9421' | 'none';
  /** What is done wrong on purpose. */
  tamper?: Deviation;
};

/** A scripted server of another make: it serves what it is told and signs what it sends. */
export type Peer = {
  readonly host: string;
  readonly origin: string;
  /** Makes somebody with keys, an actor document and a WebFinger answer. */
  actor(name: string, more?: Json): PeerActor;
  /** Serves a document (as `application/activity+json`), a response, or what a function says. */
  serve(path: string, answer: Answer): string;
  /** Everything that was asked, inboxes too, in order. */
  readonly requests: Seen[];
  /** Bodies of what was posted, parsed. */
  posted(): Json[];
  /** Answers deliveries; 202 unless a test says otherwise. */
  onPost(answer: (request: Request, body: string) => Response | Promise<Response>): void;
  /** Sends an activity with a signature. */
  post(url: string, activity: unknown, options: PostOptions): Promise<Response>;
  /** Reads with a signature. */
  get(url: string, options: PostOptions): Promise<Response>;
  close(): Promise<void>;
};

// Keys take long to make; a run has a few and hands them round.
const pairs: { privateKey: KeyObject; publicPem: string }[] = [];

function makeKeys(index: number): { privateKey: KeyObject; publicPem: string } {
  const made = pairs[index];
  if (made) return made;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicPem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  pairs[index] = { privateKey, publicPem };
  return { privateKey, publicPem };
}

let handedOut = 0;

/** Opens a scripted server on a loopback address with a free port. */
export function createPeer(options: { address?: string } = {}): Peer {
  const { address = '127.0.0.3' } = options;
  const served = new Map<string, Answer>();
  const requests: Seen[] = [];
  let answerPost: (request: Request, body: string) => Response | Promise<Response> = () =>
    new Response(null, { status: 202 });
  const server = Bun.serve({
    hostname: address,
    port: 0,
    development: false,
    reusePort: false,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = request.method === 'POST' ? await request.text() : '';
      const seen = {
        method: request.method,
        path: pathname + search,
        headers: request.headers,
        body,
      };
      requests.push(seen);
      if (request.method === 'POST') return await answerPost(request, body);
      const answer = served.get(pathname + search) ?? served.get(pathname);
      if (answer === undefined) return new Response('Not found', { status: 404 });
      return respond(typeof answer === 'function' ? await answer(request) : answer);
    },
  });
  const host = `${address}:${server.port}`;
  const origin = `http://${host}`;
  const peer: Peer = {
    host,
    origin,
    requests,
    actor: (name, more = {}) => makeActor(peer, name, more),
    serve: (path, answer) => {
      served.set(path, answer);
      return `${origin}${path}`;
    },
    posted: () =>
      requests
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => JSON.parse(body) as Json),
    onPost: (answer) => {
      answerPost = answer;
    },
    post: async (url, activity, how) => {
      const body = typeof activity === 'string' ? activity : JSON.stringify(activity);
      const headers = signed('POST', url, body, how);
      headers.set('content-type', how.tamper?.contentType ?? 'application/activity+json');
      return await fetch(url, { method: 'POST', headers, body: how.tamper?.sentBody ?? body });
    },
    get: async (url, how) => {
      const headers = signed('GET', url, null, how);
      return await fetch(url, { headers, redirect: 'manual' });
    },
    close: async () => {
      await server.stop(true);
    },
  };
  return peer;
}

function respond(answer: Response | Json): Response {
  if (answer instanceof Response) return answer.clone() as Response;
  return new Response(JSON.stringify(answer), {
    headers: { 'content-type': 'application/activity+json' },
  });
}

function signed(method: string, url: string, body: string | null, how: PostOptions): Headers {
  const { as, scheme = 'cavage', tamper = {} } = how;
  const headers = new Headers({ accept: 'application/activity+json' });
  if (scheme === 'none') return headers;
  const sign = scheme === 'cavage' ? signCavage : signMessage;
  const extra = sign({ method, url, body, keyId: as.keyId, privateKey: as.privateKey, tamper });
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  return headers;
}

function makeActor(peer: Peer, name: string, more: Json): PeerActor {
  const { privateKey, publicPem } = makeKeys(handedOut++ % 8);
  const uri = `${peer.origin}/users/${name}`;
  const keyId = `${uri}#main-key`;
  const handle = `${name}@${peer.host}`;
  const document: Json = {
    '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
    id: uri,
    type: 'Person',
    preferredUsername: name,
    name,
    summary: `<p>This is ${name}.</p>`,
    url: `${peer.origin}/@${name}`,
    inbox: `${uri}/inbox`,
    outbox: `${uri}/outbox`,
    followers: `${uri}/followers`,
    following: `${uri}/following`,
    featured: `${uri}/featured`,
    endpoints: { sharedInbox: `${peer.origin}/inbox` },
    manuallyApprovesFollowers: false,
    discoverable: true,
    published: '2024-05-01T00:00:00Z',
    publicKey: { id: keyId, owner: uri, publicKeyPem: publicPem },
    ...more,
  };
  peer.serve(new URL(uri).pathname, () => document);
  const jrd = () =>
    new Response(
      JSON.stringify({
        subject: `acct:${handle}`,
        aliases: [uri],
        links: [{ rel: 'self', type: 'application/activity+json', href: uri }],
      }),
      { headers: { 'content-type': 'application/jrd+json' } },
    );
  for (const resource of [`acct:${handle}`, uri]) {
    peer.serve(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`, jrd);
    peer.serve(`/.well-known/webfinger?resource=${resource}`, jrd);
  }
  return { name, uri, keyId, inbox: `${uri}/inbox`, handle, privateKey, publicPem, document };
}
