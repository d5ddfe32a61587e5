import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runAtTerminal } from '#test/harness/terminal.ts';
import { makeBackup } from './make-backup.ts';
import { createRestoreWorld, type RestoreWorld, rowsOf } from './restore-world.ts';

const SECRET = 'correct horse battery';
let world: RestoreWorld;
beforeAll(async () => {
  world = await createRestoreWorld();
  await makeBackup(world.data, world.target, { s3: null, passphrase: SECRET });
}, 60_000);
afterAll(() => world.remove());

test('at a terminal the passphrase is asked for unseen, and the fingerprint is shown to be compared', async () => {
  const data = join(world.root, 'asked');
  const said = await runAtTerminal(
    ['restore', world.target.path, '--data', data],
    [
      { after: 'Passphrase of', type: `${SECRET}\r` },
      { after: 'Is it the same?', type: 'y\r' },
    ],
  );
  expect(said.screen).toContain('Restored: http://localhost:1 as it was on 2026-01-02');
  expect(said.screen).toMatch(/([0-9a-f]{4} ){7}[0-9a-f]{4}/);
  expect(said.screen).not.toContain(SECRET);
  expect(said.code).toBe(0);
  expect(rowsOf(data)).toEqual(rowsOf(world.data));
}, 30_000);

test('whoever says no has nothing changed', async () => {
  const data = join(world.root, 'declined');
  const said = await runAtTerminal(
    ['restore', world.target.path, '--data', data],
    [
      { after: 'Passphrase of', type: `${SECRET}\r` },
      { after: 'Is it the same?', type: 'n\r' },
    ],
  );
  expect([said.code, existsSync(data)]).toEqual([1, false]);
  expect(said.screen).toContain('--fingerprint');
  const stopped = await runAtTerminal(
    ['restore', world.target.path, '--data', data],
    [{ after: 'Passphrase of', type: '\u0003' }],
  );
  expect([stopped.code, existsSync(data)]).toEqual([1, false]);
  expect(stopped.screen).toContain('Nothing was changed');
}, 30_000);

test('old data is removed only after a yes', async () => {
  const data = join(world.root, 'forgetful');
  const restore = async (typed: string) =>
    await runAtTerminal(
      ['restore', '--forget-old', '--data', data],
      [{ after: 'Go on?', type: `${typed}\r` }],
    );
  const { openPlace } = await import('#domain/backup/place.ts');
  const place = await openPlace(world.target, { s3: null, passphrase: SECRET });
  await world.restore(data, { place });
  const { kept } = await world.restore(data, { place });
  expect((await restore('n')).code).toBe(1);
  expect(existsSync(kept ?? '')).toBe(true);
  expect((await restore('y')).code).toBe(0);
  expect(existsSync(kept ?? '')).toBe(false);
}, 30_000);
