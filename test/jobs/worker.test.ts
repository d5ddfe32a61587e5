import { expect, test } from 'bun:test';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { backoff } from '#base/jobs/backoff.ts';
import { enqueueJob } from '#base/jobs/enqueue.ts';
import { countJobs, findJobs, recoverJobs, reviveJobs } from '#base/jobs/queries.ts';
import { runWithDeadline } from '#base/jobs/run-with-deadline.ts';
import { createJobWorker } from '#base/jobs/worker.ts';
import { createTestApp } from '#test/harness/app.ts';

const table = {
  note: { schema: v.object({ text: v.string() }), concurrency: 2, maxAttempts: 3 },
  other: { schema: v.object({}), concurrency: 1, maxAttempts: 1, deadline: 30 },
};

function queue(
  ctx: Context,
  text: string,
  options: { kind?: string; uniqueKey?: string; runAt?: number } = {},
) {
  const now = ctx.now();
  const { kind = 'note', runAt = now, uniqueKey } = options;
  enqueueJob(ctx.db, { id: ctx.newId(), kind, payload: { text }, runAt, uniqueKey, now });
}

const idle = { note: () => undefined, other: () => undefined };

test('a job is done once and then forgotten', async () => {
  const world = await createTestApp();
  const done: string[] = [];
  const worker = createJobWorker(world.ctx, table, {
    ...idle,
    note: (_ctx, { text }) => void done.push(text),
  });
  queue(world.ctx, 'one');
  queue(world.ctx, 'two');
  await worker.runDue();
  await worker.runDue();
  expect(done).toEqual(['one', 'two']);
  expect(countJobs(world.ctx.db)).toEqual([]);
  await world.close();
});

test('work exists exactly when the change does', async () => {
  const world = await createTestApp();
  expect(() =>
    transaction(world.ctx.db, () => {
      queue(world.ctx, 'one');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(countJobs(world.ctx.db)).toEqual([]);
  await world.close();
});

test('a job that fails is tried again after a growing pause and is dead in the end', async () => {
  const world = await createTestApp();
  let tries = 0;
  const worker = createJobWorker(world.ctx, table, {
    ...idle,
    note: () => {
      tries += 1;
      throw new Error(`try ${tries}`);
    },
  });
  queue(world.ctx, 'one');
  const pauses: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await worker.runDue();
    const [job] = findJobs(world.ctx.db, { state: 'waiting', kind: null, limit: 1 });
    if (job === undefined) break;
    pauses.push(job.runAt - world.clock.now());
    world.clock.advance(job.runAt - world.clock.now());
  }
  expect(tries).toBe(3);
  expect(pauses[1] ?? 0).toBeGreaterThan((pauses[0] ?? 0) * 1.1);
  const [dead] = findJobs(world.ctx.db, { state: 'dead', kind: null, limit: 1 });
  expect(dead).toMatchObject({ attempts: 3, lastError: 'try 3' });
  expect(reviveJobs(world.ctx.db, { id: dead?.id ?? 0, kind: null, now: world.clock.now() })).toBe(
    1,
  );
  await worker.runDue();
  expect(tries).toBe(4);
  await world.close();
});

test('a kind never runs more jobs at a time than it may, and none waits for another kind', async () => {
  const world = await createTestApp();
  let now = 0;
  let most = 0;
  let others = 0;
  const worker = createJobWorker(world.ctx, table, {
    note: async () => {
      now += 1;
      most = Math.max(most, now);
      await Bun.sleep(15);
      now -= 1;
    },
    other: () => {
      others += now;
    },
  });
  for (let each = 0; each < 6; each += 1) queue(world.ctx, String(each));
  queue(world.ctx, '', { kind: 'other' });
  await worker.runDue();
  expect(most).toBe(2);
  expect(others).toBe(2);
  await world.close();
});

test('with a key there is one waiting job, and a second call only hastens it', async () => {
  const world = await createTestApp();
  const later = world.clock.now() + 60_000;
  queue(world.ctx, 'first', { uniqueKey: 'k', runAt: later });
  queue(world.ctx, 'second', { uniqueKey: 'k' });
  const jobs = findJobs(world.ctx.db, { state: null, kind: null, limit: 9 });
  expect(jobs).toHaveLength(1);
  expect(jobs[0]?.payload).toContain('first');
  expect(jobs[0]?.runAt).toBeLessThan(later);
  await world.close();
});

test('a job that never ends is given up at its deadline', async () => {
  const world = await createTestApp();
  let told = false;
  const worker = createJobWorker(world.ctx, table, {
    ...idle,
    other: (_ctx, _payload, signal) => {
      signal.addEventListener('abort', () => {
        told = true;
      });
      return new Promise<void>(() => undefined);
    },
  });
  queue(world.ctx, '', { kind: 'other' });
  await worker.runDue();
  expect(told).toBe(true);
  expect(countJobs(world.ctx.db)).toEqual([{ kind: 'other', state: 'dead', count: 1 }]);
  await world.close();
});

test('a payload that does not fit its kind is put aside at once', async () => {
  const world = await createTestApp();
  const worker = createJobWorker(world.ctx, table, idle);
  const now = world.clock.now();
  enqueueJob(world.ctx.db, { id: 1, kind: 'note', payload: { txt: 1 }, runAt: now, now });
  await worker.runDue();
  expect(countJobs(world.ctx.db)).toEqual([{ kind: 'note', state: 'dead', count: 1 }]);
  await world.close();
});

test('what a killed server was doing is done after the next start, and a job that kills it every time ends', async () => {
  const world = await createTestApp();
  const start = () =>
    createJobWorker(world.ctx, table, {
      ...idle,
      note: () => new Promise<void>(() => undefined),
    });
  queue(world.ctx, 'one');
  for (let starts = 0; starts < 3; starts += 1) {
    void start().runDue();
    expect(countJobs(world.ctx.db)).toEqual([{ kind: 'note', state: 'running', count: 1 }]);
    // SIGKILL: the process that ran it is gone, the row says that it runs.
    expect(recoverJobs(world.ctx.db, world.clock.now())).toBe(1);
  }
  await start().runDue();
  expect(countJobs(world.ctx.db)).toEqual([{ kind: 'note', state: 'dead', count: 1 }]);
  await world.close();
});

test('going down waits for what runs and leaves the rest in the table', async () => {
  const world = await createTestApp();
  const done: string[] = [];
  const worker = createJobWorker(world.ctx, table, {
    ...idle,
    note: async (_ctx, { text }) => {
      await Bun.sleep(text === 'slow' ? 5000 : 40);
      done.push(text);
    },
  });
  for (const text of ['quick', 'slow', 'never']) queue(world.ctx, text);
  worker.start();
  await Bun.sleep(20);
  const before = performance.now();
  await worker.drain(100);
  expect(performance.now() - before).toBeLessThan(1000);
  expect(done).toEqual(['quick']);
  expect(countJobs(world.ctx.db)).toEqual([
    { kind: 'note', state: 'running', count: 1 },
    { kind: 'note', state: 'waiting', count: 1 },
  ]);
  await world.close();
});

test('a started worker hears of new work and does not poll for it', async () => {
  const world = await createTestApp();
  const done: string[] = [];
  const worker = createJobWorker(world.ctx, table, {
    ...idle,
    note: (_ctx, { text }) => void done.push(text),
  });
  worker.start();
  await Bun.sleep(10);
  transaction(world.ctx.db, () => {
    worker.wake();
    queue(world.ctx, 'one');
  });
  await Bun.sleep(30);
  expect(done).toEqual(['one']);
  await worker.drain(10);
  await world.close();
});

test('the pause doubles, keeps its jitter and has an end', () => {
  expect(backoff(1, () => 0.5)).toBe(5_000);
  expect(backoff(2, () => 0.5)).toBe(10_000);
  expect(backoff(1, () => 0)).toBe(3_750);
  expect(backoff(99, () => 0.5)).toBe(6 * 3_600_000);
});

test('a database that refuses writes for a while costs no job and does not end the server', async () => {
  const world = await createTestApp();
  const { db } = world.ctx;
  const worker = createJobWorker(world.ctx, table, {
    ...idle,
    // What a full disk does to every write, the one that puts the job back among them.
    note: () => db.run('PRAGMA query_only = ON') as unknown as undefined,
  });
  queue(world.ctx, 'one');
  const worked = worker.runDue();
  await worker.drain(30);
  await worked;
  db.run('PRAGMA query_only = OFF');
  expect(countJobs(db)).toEqual([{ kind: 'note', state: 'running', count: 1 }]);
  expect(recoverJobs(db, world.clock.now())).toBe(1);
  await world.close();
});

test('work that throws before it waits for anything is a failure like any other', async () => {
  const ending = new AbortController();
  const broken = () => {
    throw new Error('at once');
  };
  await expect(runWithDeadline(1000, ending.signal, broken)).rejects.toThrow('at once');
  await Bun.sleep(0);
  // Nobody listens any more; a rejection that comes now would end the process.
  ending.abort();
  const late = runWithDeadline(1000, ending.signal, () => new Promise<void>(() => undefined));
  await expect(late).rejects.toThrow('abort');
});
