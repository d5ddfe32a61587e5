import { Database } from 'bun:sqlite';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { signCavage } from '#test/harness/peer-signatures.ts';

/** Somebody on another server that is not there: their key is known already, so nobody asks for it. */
export type Sender = { uri: string; keyId: string; privateKey: KeyObject; publicPem: string };

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const ELSEWHERE = 'http://127.0.0.3:9';

/** Makes people of another server. */
export function makeSenders(count: number): Sender[] {
  return Array.from({ length: count }, (_, index) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const uri = `${ELSEWHERE}/users/sender${index}`;
    const publicPem = String(publicKey.export({ type: 'spki', format: 'pem' }));
    return { uri, keyId: `${uri}#main-key`, privateKey, publicPem };
  });
}

/** Writes them, their keys and the owner's follows into the data of a server that is not running. */
export function makeFollowed(data: string, senders: readonly Sender[]): void {
  const db = new Database(join(data, 'tintype.db'), { strict: true });
  const owner = db.query<{ id: number }, []>(`SELECT id FROM accounts WHERE role = 'owner'`).get();
  if (!owner) throw new Error('There is no owner.');
  const now = Date.now();
  db.transaction(() => {
    for (const [index, { uri, keyId, publicPem }] of senders.entries()) {
      const id = owner.id + 1 + index;
      db.query(
        `INSERT INTO accounts (id, username, domain, uri, inbox_url, followers_url, fetched_at,
           created_at)
         VALUES ($id, $username, $domain, $uri, $inbox, $followers, $now, $now)`,
      ).run({
        id,
        username: `sender${index}`,
        domain: new URL(ELSEWHERE).host,
        uri,
        inbox: `${uri}/inbox`,
        followers: `${uri}/followers`,
        now,
      });
      db.query(
        `INSERT INTO remote_keys (id, account_id, pem, fetched_at) VALUES ($keyId, $id, $publicPem, $now)`,
      ).run({ keyId, id, publicPem, now });
      db.query(
        `INSERT INTO follows (follower_id, followee_id, state, created_at)
         VALUES ($owner, $id, 'accepted', $now)`,
      ).run({ owner: owner.id, id, now });
    }
  })();
  db.close();
}

/** A whole HTTP request, ready to be written to a socket: a signed Create of a post with two photos. */
export function signCreate(url: string, sender: Sender, number: number): Uint8Array<ArrayBuffer> {
  const { uri, keyId, privateKey } = sender;
  const id = `${uri}/notes/${number}`;
  const published = new Date(Date.now() - 60_000).toISOString();
  const [to, cc] = [[PUBLIC], [`${uri}/followers`]];
  const note = {
    id,
    type: 'Note',
    attributedTo: uri,
    content: `<p>Morning walk number ${number} along the river <a href="${ELSEWHERE}/tags/walk" class="mention hashtag" rel="tag">#<span>walk</span></a></p>`,
    published,
    to,
    cc,
    sensitive: false,
    tag: [{ type: 'Hashtag', href: `${ELSEWHERE}/tags/walk`, name: '#walk' }],
    attachment: [0, 1].map((photo) => ({
      type: 'Document',
      mediaType: 'image/jpeg',
      url: `${ELSEWHERE}/media/${number}-${photo}.jpg`,
      name: 'A path along a river',
      width: 2048,
      height: 1536,
      blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
      focalPoint: [0, 0.2],
    })),
  };
  const create = { id: `${id}/activity`, type: 'Create', actor: uri, published, to, cc };
  const context = ['https://www.w3.org/ns/activitystreams', { Hashtag: 'as:Hashtag' }];
  const body = JSON.stringify({ '@context': context, ...create, object: note });
  return writeRequest(
    url,
    body,
    signCavage({ method: 'POST', url, body, keyId, privateKey, tamper: {} }),
  );
}

/** The bytes of a POST to an inbox. */
export function writeRequest(
  url: string,
  body: string,
  headers: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const { host, pathname } = new URL(url);
  const bytes = new TextEncoder().encode(body);
  const lines = Object.entries({
    host,
    'content-type': 'application/activity+json',
    'content-length': String(bytes.byteLength),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  const head = new TextEncoder().encode(
    `POST ${pathname} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`,
  );
  return new Uint8Array(Buffer.concat([head, bytes]));
}

/** Sends requests over some kept-alive connections, one after the other on each; how often each status came. */
export async function sendAll(
  url: string,
  requests: readonly Uint8Array<ArrayBuffer>[],
  connections: number,
): Promise<Record<string, number>> {
  const { hostname, port } = new URL(url);
  const statuses: Record<string, number> = {};
  let next = 0;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let rest = new Uint8Array(0);
      const write = (socket: { write(bytes: Uint8Array): number; end(): void }) => {
        const request = requests[next++];
        if (request === undefined) {
          socket.end();
          resolve();
          return;
        }
        const written = socket.write(request);
        rest = request.subarray(written);
      };
      Bun.connect({
        hostname,
        port: Number(port),
        socket: {
          open: write,
          drain: (socket) => {
            if (rest.byteLength > 0) rest = rest.subarray(socket.write(rest));
          },
          data: (socket, bytes) => {
            const status = /^HTTP\/1\.1 ([0-9]{3})/.exec(bytes.toString('latin1'))?.[1] ?? '';
            if (status === '') return;
            statuses[status] = (statuses[status] ?? 0) + 1;
            write(socket);
          },
          close: () => resolve(),
          error: (_, error) => reject(error),
        },
      }).catch(reject);
    });
  await Promise.all(Array.from({ length: connections }, one));
  return statuses;
}
