import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { allScopes, hasScope } from '#domain/accounts/scopes.ts';
import { createToken } from '#domain/accounts/tokens.ts';
import type { FrontDoor } from '#doors/http/server.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { addressesOf } from '#test/http/walk.ts';
import { ANY_TOKEN, CONTRACT, NO_TOKEN, OTHER_WAY } from './scope-table.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

type Route = FrontDoor['routes'][number];
const SENTENCE = 'This action is outside the authorized scopes';

let app: TestApp;
let ann: Person;
let routes: readonly Route[];
/** A token for each scope, which has that scope alone. */
let tokens: Map<string, string>;

beforeAll(async () => {
  app = await createTestApp({ config: { rates: false } });
  ann = await app.person('ann', 'owner');
  routes = (await app.app.door()).routes;
  tokens = new Map(
    allScopes.map((scope) => [scope, createToken(app.ctx, ann.viewer.id, scope, scope)]),
  );
});
afterAll(() => app.close());

const named = ({ method, path }: Route) => `${method} ${path.replaceAll(/:\w+/g, ':x')}`;
const isApi = ({ path }: Route) => path.startsWith('/api/') || path === '/oauth/userinfo';
const known = { name: ['ann'], username: ['ann'] };

async function isRefused(route: Route, token: string): Promise<boolean> {
  const [path = '/'] = addressesOf(route.path, known);
  const answer = await app.request(path, { method: route.method, token });
  const text = await answer.text();
  return answer.status === 403 && text.includes(SENTENCE);
}

describe('T89: what a token may do', () => {
  test('every route of the API says which scope it needs, or stands in the table with a reason', () => {
    const silent = routes
      .filter(isApi)
      .filter(({ need }) => need === null || (need.by !== 'admin' && need.scopes.length === 0))
      .map(named)
      .filter((name) => NO_TOKEN[name] === undefined && ANY_TOKEN[name] === undefined);
    expect(silent).toEqual([]);
  });

  test('nothing is changed by strangers, and nothing that changes is content with reading', () => {
    const wrong = routes.filter(isApi).filter((route) => {
      if (route.need === null || NO_TOKEN[named(route)] !== undefined) return false;
      if (ANY_TOKEN[named(route)] !== undefined || OTHER_WAY[named(route)] !== undefined) {
        return false;
      }
      const reads = route.method === 'GET';
      if (!reads && route.need.by === 'anybody') return true;
      const fits = reads ? /^(read|admin:read|profile|push)/ : /^(write|admin:write|push)/;
      return !route.need.scopes.every((scope) => fits.test(scope));
    });
    expect(wrong.map(named)).toEqual([]);
  });

  test('the scope is the one that apps know', () => {
    const wrong = routes
      .filter((route) => CONTRACT[named(route)] !== undefined)
      .filter((route) => !route.need?.scopes.includes(CONTRACT[named(route)] ?? ''))
      .map(
        (route) => `${named(route)} asks for ${route.need?.scopes}, not ${CONTRACT[named(route)]}`,
      );
    expect(wrong).toEqual([]);
  });

  test('every route × every scope: let in exactly by what it needs', async () => {
    const wrong: string[] = [];
    for (const route of routes.filter(isApi)) {
      const { need } = route;
      if (need === null || need.by === 'admin') continue;
      for (const [scope, token] of tokens) {
        const enough =
          need.scopes.length === 0 || need.scopes.some((wanted) => hasScope([scope], wanted));
        if ((await isRefused(route, token)) === enough) {
          wrong.push(`${named(route)} with ${scope}: ${enough ? 'refused' : 'let in'}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('pages are no way around: they show to `read` and do what they do for `write` alone', async () => {
    const wrong: string[] = [];
    for (const route of routes.filter((each) => !isApi(each))) {
      const { need } = route;
      if (need === null) continue;
      const reads = route.method === 'GET';
      const few = ['push', 'profile', 'read:lists', reads ? 'write' : 'read'];
      for (const scope of few.filter((each) => !need.scopes.some((one) => hasScope([each], one)))) {
        const answer = await app.request(addressesOf(route.path, known)[0] ?? '/', {
          method: route.method,
          token: tokens.get(scope) ?? '',
        });
        await answer.text();
        if (answer.status !== 403) wrong.push(`${named(route)} with ${scope}: ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
