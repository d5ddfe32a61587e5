import { expect, test } from 'bun:test';
import { createCron } from '#base/jobs/cron.ts';
import { findLastRun, interruptCronRuns } from '#base/jobs/cron-queries.ts';
import { createTestApp } from '#test/harness/app.ts';

const nightly = { schedule: '0 3 * * *', help: 'a test' };

test('a run by hand is recorded with what it did', async () => {
  const world = await createTestApp();
  const cron = createCron(world.ctx, [{ ...nightly, name: 'tidy', run: () => '3 things' }]);
  expect(await cron.run('tidy')).toBe('3 things');
  expect(findLastRun(world.ctx.db, 'tidy')).toMatchObject({ outcome: 'done', detail: '3 things' });
  expect(cron.list()[0]?.nextAt).toBeGreaterThan(world.clock.now());
  await world.close();
});

test('a failure is recorded and thrown to who asked', async () => {
  const world = await createTestApp();
  const run = () => {
    throw new Error('the disk is wet');
  };
  const cron = createCron(world.ctx, [{ ...nightly, name: 'tidy', run }]);
  expect(cron.run('tidy')).rejects.toThrow('wet');
  await Bun.sleep(1);
  expect(findLastRun(world.ctx.db, 'tidy')).toMatchObject({
    outcome: 'failed',
    detail: 'the disk is wet',
  });
  await world.close();
});

test('the same work never runs twice at a time', async () => {
  const world = await createTestApp();
  const run = async () => {
    await Bun.sleep(20);
    return 'done';
  };
  const cron = createCron(world.ctx, [{ ...nightly, name: 'tidy', run }]);
  const first = cron.run('tidy');
  expect(cron.run('tidy')).rejects.toThrow('running already');
  expect(await first).toBe('done');
  expect(await cron.run('tidy')).toBe('done');
  await world.close();
});

test('a run that a crash cut off is marked so', async () => {
  const world = await createTestApp();
  const run = () => new Promise<string>(() => undefined);
  void createCron(world.ctx, [{ ...nightly, name: 'tidy', run }]).run('tidy');
  interruptCronRuns(world.ctx.db, world.clock.now());
  expect(findLastRun(world.ctx.db, 'tidy')?.outcome).toBe('interrupted');
  await world.close();
});

test('the nightly work of the product runs by hand, all of it', async () => {
  const world = await createTestApp();
  for (const { name } of world.app.cron.list()) {
    expect(await world.app.cron.run(name)).toBeString();
    expect(findLastRun(world.ctx.db, name)?.outcome).toBe('done');
  }
  await world.close();
});
