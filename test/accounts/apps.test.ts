import { expect, test } from 'bun:test';
import { grantAppToken, readAppToken } from '#domain/accounts/app-tokens.ts';
import { findApp, type OauthApp, proveApp, registerApp } from '#domain/accounts/apps.ts';
import { endOwnToken } from '#domain/accounts/end-access.ts';
import { grantCode, spendCode } from '#domain/accounts/oauth-codes.ts';
import { renewToken } from '#domain/accounts/renew-token.ts';
import { narrowScopes } from '#domain/accounts/scopes.ts';
import { sweepAccounts } from '#domain/accounts/sweep.ts';
import { readToken } from '#domain/accounts/tokens.ts';
import { createWorld, type World } from './world.ts';

const DAY = 86_400_000;
const BACK = 'https://client.example/back';

function register({ ctx }: World): { app: OauthApp; secret: string } {
  const input = { name: 'An app', website: '', redirectUris: [BACK], scopes: 'read write' };
  return registerApp(ctx, input);
}

async function letIn(world: World, app: OauthApp) {
  const viewer = await world.person(`p${world.ctx.newId()}`.slice(0, 20));
  const grant = { app, redirectUri: BACK, scopes: ['read'], challenge: null };
  const code = grantCode(world.ctx, viewer, grant);
  const token = spendCode(world.ctx, app, { code, redirectUri: BACK, verifier: null });
  if (token === null) throw new Error('The code was refused.');
  return { viewer, code, token };
}

test('an app proves itself by its secret alone', () => {
  const world = createWorld();
  const { app, secret } = register(world);
  expect(proveApp(world.ctx, app.clientId, secret)).toEqual(app);
  for (const wrong of ['', secret.slice(1), `${secret} `, 'x'.repeat(1000)]) {
    expect(proveApp(world.ctx, app.clientId, wrong)).toBe(null);
  }
  expect(proveApp(world.ctx, 'unknown', secret)).toBe(null);
  expect(findApp(world.ctx, 'x'.repeat(1000))).toBe(null);
});

test('a website that is no web address is left out, a name loses what it could draw with', () => {
  const { ctx } = createWorld();
  const { app } = registerApp(ctx, {
    name: '  An\u202e app\n of mine ',
    website: 'javascript:alert(1)',
    redirectUris: [BACK, BACK],
    scopes: ['read', 'read'],
  });
  expect(app).toMatchObject({ name: 'An app of mine', website: '', scopes: ['read'] });
  expect(app.redirectUris).toEqual([BACK]);
});

test('an app’s own token lives a year, and of many the newest twenty', () => {
  const { ctx, advance, db } = createWorld();
  const { app } = register({ ctx, advance, db } as World);
  const first = grantAppToken(ctx, app, ['read']).accessToken;
  expect(readAppToken(ctx, first)).toEqual({ appId: app.id, scopes: ['read'] });
  for (let n = 0; n < 25; n += 1) {
    advance(1);
    grantAppToken(ctx, app, ['read']);
  }
  expect(db.query('SELECT count(*) AS n FROM app_tokens').get()).toEqual({ n: 20 });
  expect(readAppToken(ctx, first)).toBe(null);
  const last = grantAppToken(ctx, app, ['read']).accessToken;
  advance(365 * DAY - 1);
  expect(readAppToken(ctx, last)).not.toBe(null);
  advance(1);
  expect(readAppToken(ctx, last)).toBe(null);
  expect(endOwnToken(ctx, app, last)).toBe(true);
});

test('what an app asks for must lie within what it registered for, narrower or the same', () => {
  const own = ['read', 'write:media', 'follow'];
  expect(narrowScopes(own, null)).toEqual(['read']);
  expect(narrowScopes(['profile'], null)).toEqual(['profile']);
  expect(narrowScopes(own, 'read:statuses write:media')).toEqual(['read:statuses', 'write:media']);
  expect(narrowScopes(own, 'read+follow+read')).toEqual(['read', 'follow']);
  for (const wrong of ['write', 'write:statuses', 'push', 'admin:read', 'READ', '__proto__', ' ']) {
    expect(narrowScopes(own, wrong)).toBe(null);
  }
});

test('T88: a replay ends the token even after it was renewed', async () => {
  const world = createWorld();
  const { app } = register(world);
  const { code, token } = await letIn(world, app);
  const renewed = renewToken(world.ctx, app, token.refreshToken);
  expect(readToken(world.ctx, renewed?.accessToken ?? '')).not.toBe(null);
  const shown = { code, redirectUri: BACK, verifier: null };
  expect(spendCode(world.ctx, app, shown)).toBe(null);
  expect(readToken(world.ctx, renewed?.accessToken ?? '')).toBe(null);
});

test('another app renews nothing, and ends nothing by trying', async () => {
  const world = createWorld();
  const { app } = register(world);
  const { app: other } = register(world);
  const { token } = await letIn(world, app);
  expect(renewToken(world.ctx, other, token.refreshToken)).toBe(null);
  const renewed = renewToken(world.ctx, app, token.refreshToken);
  expect(renewToken(world.ctx, other, token.refreshToken)).toBe(null);
  expect(readToken(world.ctx, renewed?.accessToken ?? '')).not.toBe(null);
});

test('the sweep forgets what is over, and apps that nobody let in', async () => {
  const world = createWorld();
  const { ctx, db, advance } = world;
  const { app: used } = register(world);
  const { app: unused } = register(world);
  const { app: asked } = register(world);
  const { viewer } = await letIn(world, used);
  grantCode(ctx, viewer, { app: asked, redirectUri: BACK, scopes: ['read'], challenge: null });
  const count = (table: string) => db.query(`SELECT count(*) AS n FROM ${table}`).get();
  sweepAccounts(ctx);
  expect(count('oauth_apps')).toEqual({ n: 3 });
  expect(count('oauth_codes')).toEqual({ n: 2 });
  advance(DAY + 11 * 60_000);
  sweepAccounts(ctx);
  expect(count('oauth_codes')).toEqual({ n: 0 });
  expect(findApp(ctx, used.clientId)).not.toBe(null);
  expect(findApp(ctx, unused.clientId)).toBe(null);
  advance(365 * DAY);
  sweepAccounts(ctx);
  // It can still be renewed.
  expect(count('access_tokens')).toEqual({ n: 1 });
  advance(366 * DAY);
  sweepAccounts(ctx);
  expect(count('access_tokens')).toEqual({ n: 0 });
  sweepAccounts(ctx);
  expect(findApp(ctx, used.clientId)).toBe(null);
});
