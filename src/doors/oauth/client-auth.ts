import type { Context } from '#base/context.ts';
import { type OauthApp, proveApp } from '#domain/accounts/apps.ts';
import type { Input } from '#doors/http/brackets.ts';
import { OauthError } from './oauth-error.ts';

/**
 * The app that calls: by `client_id` and `client_secret` in what it sends, or by HTTP Basic (RFC 6749
 * §2.3.1). Throws `invalid_client` for anything but the right secret.
 */
export function requireApp(ctx: Pick<Context, 'db'>, request: Request, input: Input): OauthApp {
  const [id, secret] = readBasic(request) ?? [];
  const inBody = textOf(input.client_id);
  if (id !== undefined && inBody !== null && inBody !== id) throw new OauthError('invalid_client');
  const app = proveApp(ctx, id ?? inBody ?? '', secret ?? textOf(input.client_secret) ?? '');
  if (app === null) throw new OauthError('invalid_client');
  return app;
}

/** One text of what an app sent; null for nothing, an empty text or something else than a text. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function readBasic(request: Request): [string, string] | null {
  const header = request.headers.get('authorization') ?? '';
  const encoded = /^basic\s+([A-Za-z0-9+/_-]+=*)\s*$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return null;
  return [unescapePart(text.slice(0, colon)), unescapePart(text.slice(colon + 1))];
}

function unescapePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
