import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { EntityName } from '#app/reference/entities.ts';
import { isEntity, referenceRoutes } from '#app/reference/openapi.ts';
import { entityProblems, listProblems } from '#test/harness/entities.ts';
import { createFullWorld, type FullWorld } from '#test/harness/full-world.ts';
import { addressesOf } from '#test/http/walk.ts';

let world: FullWorld;
beforeAll(async () => {
  world = await createFullWorld();
});
afterAll(() => world.app.close());

/** Routes that answer 404 here, because there is nothing of their kind in this world. */
const MISSING_HERE =
  /push\/subscription|filters\/|lists?\/|scheduled_statuses\/|featured_tags\/|media\/|conversations\//;

describe('every answer of the client API', () => {
  test('is what the reference says, field by field', async () => {
    const { app, ann, ben, album, comment } = world;
    const notifications = (await (
      await app.request('/api/v1/notifications', { token: ann.token })
    ).json()) as { id: string; group_key: string }[];
    const known = {
      tag: ['light'],
      // Of hashtags; of people, where the address says so.
      name: ['light'],
      hashtag: ['light'],
      username: ['ben'],
      domain: ['example.org'],
      group_key: notifications.slice(0, 1).map((each) => each.group_key),
    };
    const { routes } = await app.app.door();
    const problems: string[] = [];
    const checked = new Set<string>();
    for (const { method, path, description } of referenceRoutes(routes)) {
      const [, name = '', many] = /^([A-Z]\w+)(\[\])?$/.exec(description?.answer ?? '') ?? [];
      if (method !== 'GET' || !isEntity(name)) continue;
      const ids = idsFor(path, { ann, ben, album, comment, notifications });
      for (const address of addressesOf(path, {
        ...known,
        ...(path.includes('/username/') ? { name: ['ben'] } : {}),
        id: ids,
      })) {
        const answer = await app.request(withQuery(address, ben.viewer.id), { token: ann.token });
        const body = await answer.json();
        if (answer.status === 404 && MISSING_HERE.test(path)) continue;
        if (!answer.ok) {
          problems.push(`${address}: ${answer.status} ${JSON.stringify(body)}`);
          continue;
        }
        const check = many ? listProblems : entityProblems;
        problems.push(...check(name, body).map((text) => `${address}: ${text}`));
        if (!many || (Array.isArray(body) && body.length > 0)) checked.add(name);
      }
    }
    expect(problems).toEqual([]);
    const wanted: EntityName[] = ['Account', 'Status', 'Notification', 'Relationship', 'Context'];
    expect(wanted.filter((name) => !checked.has(name))).toEqual([]);
  });

  test('is the same to a stranger, of what strangers see', async () => {
    const { app, album, ben } = world;
    for (const [path, name] of [
      [`/api/v1/statuses/${album}`, 'Status'],
      [`/api/v1/accounts/${ben.viewer.id}`, 'Account'],
    ] as const) {
      expect(entityProblems(name, await (await app.request(path)).json())).toEqual([]);
    }
    const list = await (await app.request('/api/v1/timelines/public')).json();
    expect(listProblems('Status', list)).toEqual([]);
  });

  test('of what changes something is an entity too', async () => {
    const { app, ann, ben, album } = world;
    for (const [path, name] of [
      [`/api/v1/statuses/${album}/favourite`, 'Status'],
      [`/api/v1/statuses/${album}/reblog`, 'Status'],
      [`/api/v1/statuses/${album}/unreblog`, 'Status'],
      [`/api/v1/statuses/${album}/unfavourite`, 'Status'],
      [`/api/v1/accounts/${ben.viewer.id}/unfollow`, 'Relationship'],
      [`/api/v1/accounts/${ben.viewer.id}/follow`, 'Relationship'],
      ['/api/v1/apps?client_name=x&redirect_uris=myapp://x&scopes=read', 'CredentialApplication'],
    ] as const) {
      const answer = await app.request(path, { method: 'POST', token: ann.token });
      expect([path, entityProblems(name, await answer.json())]).toEqual([path, []]);
    }
  });
});

type Ids = {
  ann: FullWorld['ann'];
  ben: FullWorld['ben'];
  album: string;
  comment: string;
  notifications: { id: string }[];
};

function idsFor(path: string, { ann, ben, album, comment, notifications }: Ids): string[] {
  if (path.includes('/statuses/')) {
    return path.endsWith('/source') ? [comment] : [album, comment];
  }
  if (path.includes('/notifications')) return notifications.slice(0, 1).map(({ id }) => id);
  return [String(ben.viewer.id), String(ann.viewer.id)];
}

/** What some routes cannot answer without. */
function withQuery(path: string, someone: number): string {
  if (path.endsWith('/lookup')) return `${path}?acct=ben`;
  if (path.endsWith('/relationships') || path.endsWith('/familiar_followers')) {
    return `${path}?id[]=${someone}`;
  }
  if (path.endsWith('/search')) return `${path}?q=light`;
  if (path.endsWith('/markers')) return `${path}?timeline[]=home`;
  return path;
}
