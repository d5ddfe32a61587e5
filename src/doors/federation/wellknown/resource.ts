import type { Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { readOwnId } from '#doors/federation/documents/read-own-id.ts';
import { parseHandle } from '#doors/federation/remote/handles.ts';

/** Whom a WebFinger query is about; whether they are there is another question. */
export type Resource = { kind: 'instance' } | { kind: 'account'; username: string };

const MAX_LENGTH = 500;

/**
 * Reads the `resource` of a WebFinger query (RFC 7033 §4.1): `acct:name@host`, the id of an actor, the
 * address of a profile; null for other addresses of this server. Throws `bad_request` for what names
 * nothing or somebody of another server (T37).
 */
export function readResource(config: Config, text: string | null): Resource | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (text === null || text.length > MAX_LENGTH || /[\u0000-\u0020\u007f]/.test(text)) {
    throw new AppError('bad_request', 'Say who is asked for: resource=acct:name@host.');
  }
  return /^https?:/i.test(text) ? readAddress(config, text) : readName(config, text);
}

function readAddress(config: Config, text: string): Resource | null {
  const { origin } = idsOf(config);
  if (text === origin || text === `${origin}/`) return { kind: 'instance' };
  if (!text.startsWith(`${origin}/`)) throw foreign();
  const own = readOwnId(config, text.replace(/\/$/, ''));
  if (own?.kind === 'instance') return own;
  return own?.kind === 'actor' ? { kind: 'account', username: own.username } : null;
}

function readName(config: Config, text: string): Resource {
  const handle = parseHandle(text);
  if (handle === null) throw new AppError('bad_request', 'This is no handle: acct:name@host.');
  const { origin, domain } = idsOf(config);
  if (handle.domain !== domain) throw foreign();
  // The server's own handle is its host twice; a port is no part of a name.
  if (handle.username.toLowerCase() === new URL(origin).hostname) return { kind: 'instance' };
  return { kind: 'account', username: handle.username };
}

function foreign(): AppError {
  return new AppError('bad_request', 'This server only knows its own people.');
}
