import { expect, spyOn, test } from 'bun:test';
import { AppError } from '#base/core/errors.ts';
import { hashPassword, verifyPassword } from '#base/platform/passwords.ts';
import { countAttempt, throttleSize } from '#domain/accounts/throttle.ts';
import { createWorld } from './world.ts';

test('ten attempts in five minutes, then a time to wait, then ten again', () => {
  const { ctx, advance } = createWorld();
  for (let n = 0; n < 10; n += 1) countAttempt(ctx, { name: 'ada' });
  advance(60_000);
  try {
    countAttempt(ctx, { name: ' @ADA ' });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ kind: 'too_many', retryAfter: 240 });
    expect((error as AppError).message).toBe('Too many attempts; please try again in 4 minutes.');
  }
  countAttempt(ctx, { name: 'bob' });
  advance(240_000);
  countAttempt(ctx, { name: 'ada' });
});

test('a refused attempt does not make the wait longer, and a success does not count', () => {
  const { ctx, advance } = createWorld();
  for (let n = 0; n < 30; n += 1) countAttempt(ctx, { name: 'ada' })();
  for (let n = 0; n < 10; n += 1) countAttempt(ctx, { name: 'ada' });
  for (let n = 0; n < 30; n += 1) expect(() => countAttempt(ctx, { name: 'ada' })).toThrow();
  advance(5 * 60_000);
  countAttempt(ctx, { name: 'ada' });
});

test('memory is bounded, whatever names and addresses are tried', () => {
  const { ctx } = createWorld();
  for (let n = 0; n < 6_000; n += 1) {
    countAttempt(ctx, { name: `name-${n}`, address: `2001:db8:${n.toString(16)}::1` });
  }
  expect(throttleSize(ctx)).toBeLessThanOrEqual(10_000);
});

test('two servers in one process do not count for each other', () => {
  const one = createWorld();
  const other = createWorld();
  for (let n = 0; n < 10; n += 1) countAttempt(one.ctx, { address: '192.0.2.1' });
  countAttempt(other.ctx, { address: '192.0.2.1' });
  expect(() => countAttempt(one.ctx, { address: '192.0.2.1' })).toThrow();
});

test('two passwords are hashed at a time; too many waiting are sent away', async () => {
  let running = 0;
  let most = 0;
  const verify = spyOn(Bun.password, 'verify').mockImplementation(async () => {
    running += 1;
    most = Math.max(most, running);
    await Bun.sleep(1);
    running -= 1;
    return true;
  });
  const answers = await Promise.allSettled(
    Array.from({ length: 60 }, () => verifyPassword('x', 'y')),
  );
  verify.mockRestore();
  expect(most).toBe(2);
  const refused = answers.filter((answer) => answer.status === 'rejected');
  expect(refused).toHaveLength(60 - 42);
  expect(refused[0]?.reason).toMatchObject({ kind: 'unavailable', retryAfter: 5 });
  expect(await verifyPassword('x', 'no hash at all')).toBe(false);
});

test('a password is hashed with argon2id, 19 MiB and two passes, and typed accents do not matter', async () => {
  const hash = await hashPassword('caf\u00e9 au lait');
  expect(hash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$');
  expect(await verifyPassword('cafe\u0301 au lait', hash)).toBe(true);
  expect(await verifyPassword('cafe au lait', hash)).toBe(false);
});
