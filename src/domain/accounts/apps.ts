import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hashSecret, randomName, sameSecret } from '#base/core/secrets.ts';
import { originOf } from '#domain/origin.ts';
import { type AppRow, findAppByClientId, findAppById, insertApp } from './app-queries.ts';
import { cleanLine } from './profile-text.ts';
import { problemOfRedirectUri } from './redirect-uris.ts';
import { parseScopes } from './scopes.ts';

const MAX_NAME = 100;
const MAX_WEBSITE = 2000;
const MAX_REDIRECTS = 20;

/** An app of somebody else's making that speaks with this server for people. */
export type OauthApp = {
  id: number;
  clientId: string;
  name: string;
  /** An http(s) address, or empty. */
  website: string;
  redirectUris: readonly string[];
  scopes: readonly string[];
};

export type AppInput = {
  name: string;
  website: string;
  redirectUris: readonly string[];
  scopes: string | readonly string[];
};

/**
 * Registers an app (as RFC 7591 means it, in Mastodon's words); the answer is the only time that its
 * secret is seen. Throws `invalid` for an empty name, a scope that is none, or an address that codes
 * cannot be sent to.
 */
export function registerApp(
  ctx: Pick<Context, 'config' | 'db' | 'now' | 'newId'>,
  input: AppInput,
): { app: OauthApp; secret: string } {
  const name = cleanLine(input.name).slice(0, MAX_NAME).toWellFormed();
  if (name === '') throw refused("Application name can't be blank.");
  const redirectUris = [...new Set(input.redirectUris)];
  if (redirectUris.length === 0) throw refused("Redirect URI can't be blank.");
  if (redirectUris.length > MAX_REDIRECTS) throw refused('Redirect URI is given too often.');
  const http = originOf(ctx.config).startsWith('http:');
  for (const uri of redirectUris) {
    const problem = problemOfRedirectUri(uri, { http });
    if (problem !== null) throw refused(problem);
  }
  const secret = randomName(32);
  const row: AppRow = {
    id: ctx.newId(),
    clientId: randomName(20),
    secretHash: hashSecret(secret),
    name,
    website: cleanWebsite(input.website),
    redirectUris: JSON.stringify(redirectUris),
    scopes: parseScopes(input.scopes).join(' '),
    createdAt: ctx.now(),
  };
  insertApp(ctx.db, row);
  return { app: readRow(row), secret };
}

/** The app that calls itself so, or null. */
export function findApp(ctx: Pick<Context, 'db'>, clientId: string): OauthApp | null {
  const row = clientId.length > 200 ? null : findAppByClientId(ctx.db, clientId);
  return row && readRow(row);
}

/** The app with that id, or null. */
export function readApp(ctx: Pick<Context, 'db'>, id: number): OauthApp | null {
  const row = findAppById(ctx.db, id);
  return row && readRow(row);
}

/** The app that shows its own secret; null for an unknown one and for a wrong secret alike. */
export function proveApp(
  ctx: Pick<Context, 'db'>,
  clientId: string,
  secret: string,
): OauthApp | null {
  const row = clientId.length > 200 ? null : findAppByClientId(ctx.db, clientId);
  if (!row || secret.length > 200) return null;
  return sameSecret(hashSecret(secret), row.secretHash) ? readRow(row) : null;
}

function readRow(row: AppRow): OauthApp {
  const { id, clientId, name, website } = row;
  const redirectUris = JSON.parse(row.redirectUris) as string[];
  return { id, clientId, name, website, redirectUris, scopes: row.scopes.split(' ') };
}

/** It becomes a link on a page: only the web, and nothing rather than an error for anything else. */
function cleanWebsite(text: string): string {
  const typed = text.trim();
  const web = typed.length <= MAX_WEBSITE && /^https?:\/\//i.test(typed) && URL.canParse(typed);
  return web ? typed : '';
}

function refused(problem: string): AppError {
  return new AppError('invalid', `Validation failed: ${problem}`);
}
