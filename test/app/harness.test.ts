import { expect, test } from 'bun:test';
import { createTestApp } from '#test/harness/app.ts';

test('a test makes its own server with people in a fraction of a second', async () => {
  const world = await createTestApp();
  const owner = await world.person('ada', 'owner');
  const member = await world.person('ben');
  expect(owner.viewer.role).toBe('owner');
  expect(member.token).not.toBe(owner.token);
  await world.close();
});

test('two servers live in one process and know nothing of each other', async () => {
  const [one, other] = await Promise.all([createTestApp(), createTestApp()]);
  const inOne = await one.person('ada', 'owner');
  const inOther = await other.person('ada', 'owner');
  expect(inOne.cookie).not.toBe(inOther.cookie);
  await Promise.all([one.close(), other.close()]);
});
