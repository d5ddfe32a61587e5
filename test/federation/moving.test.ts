import { afterEach, expect, test } from 'bun:test';
import { findAccount } from '#domain/accounts/queries.ts';
import { addAlias, readAliases, removeAlias } from '#domain/membership/aliases.ts';
import { followMoved } from '#domain/membership/follow-moved.ts';
import { moveAccount, stayHere } from '#domain/membership/move-account.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { readRelationships } from '#domain/relationships/reading.ts';
import { PASSWORD, type Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';

let app: FederatedApp;
afterEach(() => app.close());

async function world(): Promise<{ ann: Person; ben: Person; cat: Person }> {
  app = await createFederatedApp({ settings: { mode: 'community' } });
  const ann = await app.person('ann', 'owner');
  return { ann, ben: await app.person('ben'), cat: await app.person('cat') };
}

const row = (person: Person) => {
  const found = findAccount(app.ctx.db, person.viewer.id);
  if (!found) throw new Error('gone');
  return found;
};
const follows = (one: Person, other: Person) =>
  readRelationships(app.ctx.db, one.viewer.id, [other.viewer.id])[0]?.following;
const move = (from: Person, to: Person) =>
  moveAccount(app.ctx, from.viewer, { targetId: to.viewer.id, password: PASSWORD });

test('T26: followers go with a move, once, and counts stay exact', async () => {
  const { ann, ben, cat } = await world();
  followAccount(app.ctx, cat.viewer, ann.viewer.id);
  await expect(move(ann, ben)).rejects.toThrow('does not name this one');
  addAlias(app.ctx, ben.viewer, row(ann));
  await move(ann, ben);
  expect([follows(cat, ann), follows(cat, ben)]).toEqual([false, true]);
  expect(row(ann)).toMatchObject({ movedToId: ben.viewer.id, followersCount: 0 });
  expect(row(ben).followersCount).toBe(1);
  // Told a second time it finds nobody, also after somebody thought better of it.
  expect(followMoved(app.ctx, ann.viewer.id, ben.viewer.id)).toEqual([]);
});

test('T26: nobody moves in a circle, to themselves, or twice in seven days', async () => {
  const { ann, ben } = await world();
  addAlias(app.ctx, ben.viewer, row(ann));
  addAlias(app.ctx, ann.viewer, row(ben));
  expect(() => addAlias(app.ctx, ann.viewer, row(ann))).toThrow('this very account');
  await move(ann, ben);
  await expect(move(ben, ann)).rejects.toThrow('itself moved');
  await expect(move(ben, ben)).rejects.toThrow('this very account');
  stayHere(app.ctx, ann.viewer);
  expect(row(ann).movedToId).toBeNull();
  await expect(move(ann, ben)).rejects.toThrow('of late');
  app.clock.advance(7 * 86_400_000 + 1000);
  await move(ann, ben);
  expect(row(ann).movedToId).toBe(ben.viewer.id);
});

test('old accounts are named once, ten at most, and taken back', async () => {
  const { ann, ben } = await world();
  addAlias(app.ctx, ann.viewer, row(ben));
  addAlias(app.ctx, ann.viewer, row(ben));
  const uri = `${app.origin}/users/ben`;
  expect(readAliases(row(ann))).toEqual([uri]);
  for (let n = 1; n < 10; n += 1) {
    addAlias(app.ctx, ann.viewer, { id: n, uri: `https://old.example/${n}`, username: 'x' });
  }
  const more = { id: 99, uri: 'https://old.example/more', username: 'x' };
  expect(() => addAlias(app.ctx, ann.viewer, more)).toThrow('at most');
  removeAlias(app.ctx, ann.viewer, uri);
  expect(readAliases(row(ann))).toHaveLength(9);
});
