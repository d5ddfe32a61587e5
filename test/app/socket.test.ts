import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { openAdminSocket } from '#app/admin/socket.ts';
import { createTestApp } from '#test/harness/app.ts';

async function ask(path: string, name: string, body: string) {
  const response = await fetch(`http://localhost/${name}`, { unix: path, method: 'POST', body });
  return (await response.json()) as { result?: unknown; error?: { kind: string; message: string } };
}

test('the socket answers commands of the table and refuses everything else with a sentence', async () => {
  const world = await createTestApp();
  const path = join(world.ctx.files.root, 'admin.sock');
  const socket = openAdminSocket(world.app, path);
  expect((await ask(path, 'account.list', '{}')).result).toEqual([]);
  expect((await ask(path, 'account.lists', '{}')).error?.kind).toBe('not_found');
  expect((await ask(path, 'constructor', '{}')).error?.kind).toBe('not_found');
  expect((await ask(path, 'account.show', '{"nam":"ada"}')).error?.kind).toBe('invalid');
  expect((await ask(path, 'account.show', 'no json')).error?.kind).toBe('unavailable');
  expect((await ask(path, 'account.show', '{"name":"ada"}')).error?.message).toContain('ada');
  await socket.close();
  await world.close();
});
