import { AppError } from '#base/core/errors.ts';

const READ =
  'accounts blocks bookmarks collections favourites filters follows lists mutes notifications search statuses';
const WRITE =
  'accounts blocks bookmarks collections conversations favourites filters follows lists media mutes notifications reports statuses';
const ADMIN =
  'accounts reports domain_allows domain_blocks ip_blocks email_domain_blocks canonical_email_blocks';

const under = (parent: string, names: string) =>
  names.split(' ').map((name) => `${parent}:${name}`);
const FOLLOW = under('read', 'blocks follows mutes').concat(under('write', 'blocks follows mutes'));

/** Mastodon's scopes: each with those that it contains. */
const SCOPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['read', under('read', READ)],
  ['write', under('write', WRITE)],
  ['follow', FOLLOW],
  ['push', []],
  ['profile', []],
  ['admin:read', under('admin:read', ADMIN)],
  ['admin:write', under('admin:write', ADMIN)],
  ...[
    ...under('read', READ),
    ...under('write', WRITE),
    ...under('admin:read', ADMIN),
    ...under('admin:write', ADMIN),
  ].map((scope): [string, string[]] => [scope, []]),
]);

/** Every scope there is. */
export const allScopes: readonly string[] = [...SCOPES.keys()];

/** What a token gets when nobody says otherwise: what the common apps ask for. */
export const DEFAULT_SCOPES = 'read write follow push';

/** Reads a list of scopes, each once; throws `invalid` for an unknown or an empty one. */
export function parseScopes(scopes: string | readonly string[]): string[] {
  const names = typeof scopes === 'string' ? scopes.split(/[\s+]+/) : scopes;
  const wanted = [...new Set(names.filter((name) => name !== ''))];
  const unknown = wanted.find((name) => !SCOPES.has(name));
  if (unknown !== undefined) {
    throw new AppError('invalid', `"${unknown.slice(0, 60)}" is not a scope of the API.`);
  }
  if (wanted.length === 0) throw new AppError('invalid', 'Name at least one scope.');
  return wanted;
}

/** Tells whether the granted scopes contain the needed one, directly or through a wider one. */
export function hasScope(granted: readonly string[], needed: string): boolean {
  return granted.some((scope) => scope === needed || SCOPES.get(scope)?.includes(needed) === true);
}

/**
 * What an app gets of its own scopes when it asks for these: `read` (or all it has) when it names
 * none; null if it asks for anything that it may not have, or that is no scope.
 */
export function narrowScopes(own: readonly string[], asked: string | null): string[] | null {
  if (asked === null) return own.includes('read') ? ['read'] : [...own];
  const names = [...new Set(asked.split(/[\s+]+/).filter((name) => name !== ''))];
  const fits = names.length > 0 && names.every((name) => SCOPES.has(name) && hasScope(own, name));
  return fits ? names : null;
}
