import {
  createFederation,
  type Context as FedifyContext,
  generateCryptoKeyPair,
  MemoryKvStore,
} from '@fedify/fedify';
import {
  Accept,
  type Activity,
  Announce,
  Create,
  Delete,
  Endpoints,
  Follow,
  Like,
  Move,
  Note,
  Person,
  type Recipient,
  Reject,
  Undo,
  Update,
} from '@fedify/vocab';

/** What arrived at the Fedify peer, already verified and understood by it. */
export type FedifyArrival = { type: string; json: Record<string, unknown> };

/** Another server of another make: Fedify with one person, mary, on a loopback address. */
export type FedifyPeer = {
  readonly origin: string;
  readonly host: string;
  readonly actor: URL;
  readonly arrived: FedifyArrival[];
  /** What Fedify could not take, with its own words. */
  readonly problems: string[];
  /** Ids of who follows mary. */
  readonly followers: Set<string>;
  /** Sends an activity of mary's to an actor that Fedify looks up by itself. */
  send(to: string, make: (actor: URL) => Activity): Promise<void>;
  /** Serves an object under its id, as Fedify writes it. */
  keep(note: Note): Promise<void>;
  /** Reads a document as Fedify does, signed by mary. */
  read(uri: string): Promise<{ type: string; json: Record<string, unknown> }>;
  /** Other names of mary, and where she moved to. */
  aliases: URL[];
  movedTo: URL | null;
  close(): Promise<void>;
};

type World = { origin: string };

/** Opens the peer. Fedify signs, verifies, fetches keys and reads JSON-LD with its own code. */
export async function createFedifyPeer(address = '127.0.0.5'): Promise<FedifyPeer> {
  const keys = await generateCryptoKeyPair('RSASSA-PKCS1-v1_5');
  const arrived: FedifyArrival[] = [];
  const problems: string[] = [];
  const followers = new Set<string>();
  const kept = new Map<string, Note>();
  const federation = createFederation<World>({
    kv: new MemoryKvStore(),
    allowPrivateAddress: true,
  });
  federation
    .setActorDispatcher('/users/{identifier}', async (ctx, identifier) => {
      if (identifier !== 'mary') return null;
      const [pair] = await ctx.getActorKeyPairs(identifier);
      return new Person({
        id: ctx.getActorUri(identifier),
        preferredUsername: identifier,
        name: 'Mary of Fedify',
        url: new URL(`${ctx.origin}/@mary`),
        inbox: ctx.getInboxUri(identifier),
        outbox: ctx.getOutboxUri(identifier),
        followers: ctx.getFollowersUri(identifier),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        ...(pair ? { publicKey: pair.cryptographicKey } : {}),
        aliases: peer.aliases,
        ...(peer.movedTo ? { successor: peer.movedTo } : {}),
      });
    })
    .setKeyPairsDispatcher((_ctx, identifier) => (identifier === 'mary' ? [keys] : []));
  federation.setFollowersDispatcher('/users/{identifier}/followers', () => ({ items: [] }));
  federation.setOutboxDispatcher('/users/{identifier}/outbox', () => ({ items: [] }));
  federation.setObjectDispatcher(
    Note,
    '/users/{identifier}/notes/{id}',
    (ctx, values) => kept.get(ctx.getObjectUri(Note, values).href) ?? null,
  );
  const arrive = (type: string) => async (ctx: FedifyContext<World>, activity: Activity) => {
    const json = (await activity.toJsonLd({
      format: 'compact',
      contextLoader: ctx.contextLoader,
    })) as Record<string, unknown>;
    arrived.push({ type, json });
    if (activity instanceof Follow && activity.actorId && activity.id) {
      followers.add(activity.actorId.href);
      const follower = await activity.getActor(ctx);
      const accept = new Accept({
        id: new URL(`${ctx.origin}/accepts/${crypto.randomUUID()}`),
        actor: ctx.getActorUri('mary'),
        object: activity,
      });
      if (follower) await ctx.sendActivity({ identifier: 'mary' }, follower as Recipient, accept);
    }
  };
  const inbox = federation.setInboxListeners('/users/{identifier}/inbox', '/inbox');
  const types = { Accept, Announce, Create, Delete, Follow, Like, Move, Reject, Undo, Update };
  for (const [name, type] of Object.entries(types)) inbox.on(type, arrive(name));
  inbox.onError((_ctx, error) => {
    problems.push(error.message);
  });

  const server = Bun.serve({
    hostname: address,
    port: 0,
    development: false,
    reusePort: false,
    fetch: (request): Promise<Response> =>
      federation.fetch(request, { contextData: { origin: new URL(request.url).origin } }),
  });
  const host: string = `${address}:${server.port}`;
  const origin: string = `http://${host}`;
  const context = () => federation.createContext(new URL(origin), { origin });
  const peer: FedifyPeer = {
    origin,
    host,
    actor: new URL(`${origin}/users/mary`),
    arrived,
    problems,
    followers,
    aliases: [],
    movedTo: null,
    send: async (to, make) => {
      const ctx = context();
      const documentLoader = await ctx.getDocumentLoader({ identifier: 'mary' });
      const recipient = await ctx.lookupObject(to, { documentLoader });
      if (!(recipient instanceof Person)) throw new Error(`Fedify found no person at ${to}.`);
      await ctx.sendActivity({ identifier: 'mary' }, recipient, make(peer.actor), {
        immediate: true,
      });
    },
    keep: async (note) => {
      if (note.id) kept.set(note.id.href, note);
    },
    read: async (uri) => {
      const ctx = context();
      const documentLoader = await ctx.getDocumentLoader({ identifier: 'mary' });
      const found = await ctx.lookupObject(uri, { documentLoader });
      if (found === null) throw new Error(`Fedify could not read ${uri}.`);
      const json = (await found.toJsonLd({
        format: 'compact',
        contextLoader: ctx.contextLoader,
      })) as Record<string, unknown>;
      return { type: found.constructor.name, json };
    },
    close: async () => {
      await server.stop(true);
    },
  };
  return peer;
}
