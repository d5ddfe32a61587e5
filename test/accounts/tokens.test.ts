import { expect, test } from 'bun:test';
import { updateSuspension } from '#domain/accounts/queries.ts';
import { hasScope, parseScopes } from '#domain/accounts/scopes.ts';
import { createToken, listTokens, readToken, revokeToken } from '#domain/accounts/tokens.ts';
import { createWorld } from './world.ts';

test('a token is stored as a hash and opens its account until it is taken back', async () => {
  const { ctx, db, person } = createWorld();
  const ada = await person('ada', 'owner');
  const raw = createToken(ctx, ada.id, 'phone', 'read write:media');
  expect(JSON.stringify(db.query('SELECT * FROM access_tokens').all())).not.toContain(raw);
  const token = readToken(ctx, raw);
  expect(token).toMatchObject({ viewer: ada, scopes: ['read', 'write:media'] });
  expect(readToken(ctx, raw.slice(1))).toBe(null);
  expect(readToken(ctx, '')).toBe(null);
  const bob = await person('bob');
  expect(revokeToken(ctx, bob, token?.tokenId ?? 0)).toBe(false);
  expect(revokeToken(ctx, ada, token?.tokenId ?? 0)).toBe(true);
  expect(readToken(ctx, raw)).toBe(null);
});

test('a suspended account has no token that works', async () => {
  const { ctx, db, person } = createWorld();
  const bob = await person('bob');
  const raw = createToken(ctx, bob.id, 'phone', ['read']);
  updateSuspension(db, bob.id, 1);
  expect(readToken(ctx, raw)).toBe(null);
  updateSuspension(db, bob.id, null);
  expect(readToken(ctx, raw)).not.toBe(null);
});

test('the use of a token is noted once an hour at most', async () => {
  const { ctx, person, advance } = createWorld();
  const ada = await person('ada', 'owner');
  const raw = createToken(ctx, ada.id, '', 'read');
  readToken(ctx, raw);
  const first = listTokens(ctx, ada.id)[0]?.lastUsedAt;
  expect(first).toBe(ctx.now());
  advance(60_000);
  readToken(ctx, raw);
  expect(listTokens(ctx, ada.id)[0]?.lastUsedAt).toBe(first as number);
});

test('only scopes of the API are taken, each once', () => {
  expect(parseScopes('read  write+follow push read')).toEqual(['read', 'write', 'follow', 'push']);
  for (const wrong of ['', '  ', 'admin', 'read:media', 'READ', 'write:everything', '__proto__']) {
    expect(() => parseScopes(wrong)).toThrow();
  }
});

test('a wider scope contains the narrower ones, and nothing contains a wider one', () => {
  expect(hasScope(['read'], 'read:statuses')).toBe(true);
  expect(hasScope(['write'], 'write:media')).toBe(true);
  expect(hasScope(['follow'], 'write:follows')).toBe(true);
  expect(hasScope(['admin:write'], 'admin:write:accounts')).toBe(true);
  expect(hasScope(['read'], 'write:media')).toBe(false);
  expect(hasScope(['read:statuses'], 'read')).toBe(false);
  expect(hasScope(['follow'], 'write:media')).toBe(false);
  expect(hasScope(['read', 'write'], 'admin:read')).toBe(false);
  expect(hasScope(['profile'], 'read:accounts')).toBe(false);
  expect(hasScope([], 'read')).toBe(false);
});
