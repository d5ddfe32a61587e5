import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { findApp } from '#domain/accounts/apps.ts';
import type { Grant } from '#domain/accounts/oauth-codes.ts';
import { narrowScopes } from '#domain/accounts/scopes.ts';
import type { Input } from '#doors/http/brackets.ts';

const LONGEST_STATE = 4000;

/** What an app asks a person for (RFC 6749 §4.1.1), checked. */
export type AuthorizeRequest = Grant & { state: string | null };

/** The parts of the question that the form of the page carries on, as they came. */
const CARRIED = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
] as const;

/**
 * Checks what an app asks for. The redirect address must be one of the app's own, letter by letter
 * (T87). Every mistake is a `bad_request` for a page of ours: nobody is sent on to an app without a
 * click, or whoever registers one could lead people anywhere (RFC 9700 §4.11.2).
 */
export function readAuthorizeRequest(ctx: Pick<Context, 'db'>, input: Input): AuthorizeRequest {
  const app = findApp(ctx, one(input.client_id) ?? '');
  if (app === null) {
    throw refused('This app is not known here. Sign out of it, and in again.');
  }
  const redirectUri = one(input.redirect_uri) ?? '';
  if (!app.redirectUris.includes(redirectUri)) {
    throw refused('The app wants the answer sent to an address that it did not name before.');
  }
  if (one(input.response_type) !== 'code') {
    throw refused('The app asks in a way that this server does not know.');
  }
  const scopes = narrowScopes(app.scopes, one(input.scope));
  if (scopes === null) throw refused('The app asks for more than it may have.');
  const state = one(input.state);
  if (state !== null && state.length > LONGEST_STATE) throw refused('The app sent too much.');
  return { app, redirectUri, scopes, state, challenge: readChallenge(input) };
}

/** The fields that the form carries, so that its answer is checked like the question. */
export function carriedFields(input: Input): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const name of CARRIED) {
    const value = one(input[name]);
    if (value !== null) fields[name] = value;
  }
  return fields;
}

/** S256 alone: `plain` shows on its way what it should keep (RFC 9700 §2.1.1). */
function readChallenge(input: Input): string | null {
  const challenge = one(input.code_challenge);
  const method = one(input.code_challenge_method);
  if (challenge === null && method === null) return null;
  if (challenge === null || method !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    throw refused('The app protects its sign-in in a way that this server does not know.');
  }
  return challenge;
}

function one(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function refused(sentence: string): AppError {
  return new AppError('bad_request', sentence);
}
