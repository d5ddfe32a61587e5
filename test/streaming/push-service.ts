import { createDecipheriv, createECDH, createHmac, randomBytes } from 'node:crypto';

/** One request that the push service got. */
export type Pushed = { path: string; headers: Headers; body: Buffer };

/** A scripted push service on loopback. */
export function createPushService(address = '127.0.0.4') {
  const got: Pushed[] = [];
  let answer: (path: string) => Response = () => new Response(null, { status: 201 });
  const server = Bun.serve({
    hostname: address,
    port: 0,
    development: false,
    reusePort: false,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      const body = Buffer.from(await request.arrayBuffer());
      got.push({ path: pathname, headers: request.headers, body });
      return answer(pathname);
    },
  });
  return {
    got,
    url: (path: string) => `http://${address}:${server.port}${path}`,
    onPush: (answering: (path: string) => Response) => {
      answer = answering;
    },
    close: () => server.stop(true),
  };
}

/** The keys of a browser or app, with what it hands out. */
export function createReceiver() {
  const pair = createECDH('prime256v1');
  const p256dh = pair.generateKeys().toString('base64url');
  const secret = randomBytes(16);
  return {
    keys: { p256dh, auth: secret.toString('base64url') },
    /** Opens a message as RFC 8291, or the draft before it, says. */
    open: ({ headers, body }: Pushed): Record<string, unknown> => {
      const own = pair.getPublicKey();
      const isDraft = headers.get('content-encoding') === 'aesgcm';
      const parts = isDraft ? draftParts(headers, body) : standardParts(body);
      const shared = pair.computeSecret(parts.sender);
      const isFor = (name: string) =>
        Buffer.concat([Buffer.from(`Content-Encoding: ${name}\0`), context(own, parts.sender)]);
      const info = isDraft
        ? Buffer.from('Content-Encoding: auth\0')
        : Buffer.concat([Buffer.from('WebPush: info\0'), own, parts.sender]);
      const seed = hkdf(secret, shared, info, 32);
      const key = isDraft ? isFor('aesgcm') : Buffer.from('Content-Encoding: aes128gcm\0');
      const nonce = isDraft ? isFor('nonce') : Buffer.from('Content-Encoding: nonce\0');
      const plain = decrypt(
        hkdf(parts.salt, seed, key, 16),
        hkdf(parts.salt, seed, nonce, 12),
        parts.sealed,
      );
      const text = isDraft
        ? plain.subarray(2 + plain.readUInt16BE(0))
        : plain.subarray(0, plain.lastIndexOf(2));
      return JSON.parse(text.toString('utf8')) as Record<string, unknown>;
    },
  };
}

function standardParts(body: Buffer) {
  const length = body.readUInt8(20);
  return {
    salt: body.subarray(0, 16),
    sender: body.subarray(21, 21 + length),
    sealed: body.subarray(21 + length),
  };
}

function draftParts(headers: Headers, body: Buffer) {
  const value = (name: string, header: string) => {
    const found = new RegExp(`${name}=([\\w-]+)`).exec(headers.get(header) ?? '')?.[1];
    return Buffer.from(found ?? '', 'base64url');
  };
  return { salt: value('salt', 'encryption'), sender: value('dh', 'crypto-key'), sealed: body };
}

function context(own: Buffer, sender: Buffer): Buffer {
  const length = Buffer.from([0, 65]);
  return Buffer.concat([Buffer.from('P-256\0'), length, own, length, sender]);
}

function hkdf(salt: Buffer, input: Buffer, info: Buffer, length: number): Buffer {
  const key = createHmac('sha256', salt).update(input).digest();
  const block = Buffer.concat([info, Buffer.from([1])]);
  return createHmac('sha256', key).update(block).digest().subarray(0, length);
}

function decrypt(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}
