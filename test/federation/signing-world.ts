import { AppError } from '#base/core/errors.ts';
import { type Signer, verifyRequest } from '#doors/federation/signatures/verify.ts';
import type { FederatedApp } from '#test/harness/federation.ts';
import type { PeerActor } from '#test/harness/peer.ts';
import { type Deviation, signCavage, signMessage } from '#test/harness/peer-signatures.ts';

export type Sent = {
  as: PeerActor;
  scheme?: 'cavage' | 'rfc9421';
  method?: 'GET' | 'POST';
  path?: string;
  tamper?: Deviation;
};

const BODY = '{"type":"Like"}';

/** A request to that server as it would arrive, signed by its sender, with anything wrong that a test wants. */
export function signedRequest(app: FederatedApp, sent: Sent): { request: Request; body: Buffer } {
  const { as, scheme = 'cavage', method = 'POST', path = '/inbox', tamper = {} } = sent;
  const url = `${app.origin}${path}`;
  const body = method === 'POST' ? BODY : null;
  const sign = scheme === 'cavage' ? signCavage : signMessage;
  const made = sign({ method, url, body, keyId: as.keyId, privateKey: as.privateKey, tamper });
  const headers = new Headers({
    host: app.host,
    accept: 'application/activity+json',
    'content-type': 'application/activity+json',
    ...made,
  });
  const text = tamper.sentBody ?? BODY;
  return { request: new Request(url, { method, headers }), body: Buffer.from(text) };
}

/** How a signed request ends: its signer, or the kind of the refusal. */
export async function knock(
  app: FederatedApp,
  sent: Sent,
): Promise<{ signer: Signer } | { refused: string; why: string }> {
  const { request, body } = signedRequest(app, sent);
  return await verdict(app, request, sent.method === 'GET' ? null : body);
}

/** The same of a request that a test made itself. */
export async function verdict(
  app: FederatedApp,
  request: Request,
  body: Uint8Array | null,
): Promise<{ signer: Signer } | { refused: string; why: string }> {
  try {
    return { signer: await verifyRequest(app.ctx, request, body) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { refused: error.kind, why: error.message };
  }
}

/** `accepted`, or the kind of the refusal. */
export async function outcome(app: FederatedApp, sent: Sent): Promise<string> {
  const end = await knock(app, sent);
  return 'signer' in end ? 'accepted' : end.refused;
}
