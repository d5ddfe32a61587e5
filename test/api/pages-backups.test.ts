import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { cpSync, rmSync } from 'node:fs';
import { readBusy } from '#domain/backup/busy.ts';
import { listRuns } from '#domain/backup/run-queries.ts';
import { type BackupWorld, createBackupWorld, storeFiles } from '#test/backup/world.ts';
import type { Person } from '#test/harness/app.ts';

// Children and key derivation take their time on a busy machine.
setDefaultTimeout(60_000);

let world: BackupWorld;
let ann: Person;
beforeAll(async () => {
  world = await createBackupWorld();
  ann = await world.app.person('ann', 'owner');
  await storeFiles(world.app, 3);
});
afterAll(() => world.close());

const page = async () => await (await world.app.request('/admin/backups', { as: ann })).text();

async function idle(): Promise<void> {
  const end = Date.now() + 20_000;
  while (readBusy(world.app.ctx.db) !== null && Date.now() < end) await Bun.sleep(20);
}

test('the page of backups makes one, shows how far it is, and then what there is', async () => {
  expect(await page()).toContain('There is no backup here yet.');
  const begun = await world.app.request('/admin/backups/create', { as: ann, form: {} });
  expect(begun.status).toBe(303);
  const meanwhile = await world.app.request('/admin/backups', { as: ann });
  expect(meanwhile.headers.get('refresh')).toBe('3');
  expect(await meanwhile.text()).toContain('A backup is being made');
  await idle();
  const [run] = listRuns(world.app.ctx.db, world.to, 1);
  const text = await page();
  expect(text).toContain(`${world.to}/snapshots/${run?.backup}`);
  expect(text).toContain('every byte checked');
  expect(text).toMatch(/([0-9a-f]{4} ){7}[0-9a-f]{4}/);
});

test('a backup that is not whole, and one that failed, say so and what to do', async () => {
  const [{ backup = '' } = {}] = listRuns(world.app.ctx.db, world.to, 1);
  const form = { place: world.to, backup: backup ?? '' };
  const aside = `${world.to}-aside`;
  cpSync(world.to, aside, { recursive: true });
  rmSync(`${world.to}/media`, { recursive: true });
  await world.app.request('/admin/backups/verify', { as: ann, form });
  await idle();
  expect(await page()).toContain('is not in the place');
  rmSync(world.to, { recursive: true });
  await world.app.request('/admin/backups/create', { as: ann, form: {} });
  await idle();
  const text = await page();
  expect(text).toContain('The last backup failed');
  expect(text).toContain('Is the disk connected?');
  expect((await world.app.request('/readyz')).status).toBe(200);
});

test('only admins see backups, and only places of this server are looked into', async () => {
  const ben = await world.app.person('ben');
  expect((await world.app.request('/admin/backups', { as: ben })).status).not.toBe(200);
  const create = await world.app.request('/admin/backups/create', { as: ben, form: {} });
  expect(create.status).not.toBe(303);
  const form = { place: '/etc', backup: '20260101T000000Z' };
  const verify = await world.app.request('/admin/backups/verify', { as: ann, form });
  expect(verify.status).toBe(404);
});
