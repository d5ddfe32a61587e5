import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { openAdminSocket } from '#app/admin/socket.ts';
import { createTestApp } from '#test/harness/app.ts';

async function ask(path: string, name: string, body: string) {
  const response = await fetch(`http://localhost/${name}`, { unix: path, method: 'POST', body });
  return (await response.json()) as { result?: unknown; error?: { kind: string; message: string } };
}

test('recurring work may take longer than a connection is usually allowed to be silent', async () => {
  const world = await createTestApp();
  const path = join(world.ctx.files.root, 'admin.sock');
  const slow = { ...world.app.cron, run: () => Bun.sleep(14_000).then(() => 'slept') };
  const socket = openAdminSocket({ ...world.app, cron: slow }, path);
  const answer = await ask(path, 'jobs.run', '{"name":"any"}');
  expect(answer.result).toEqual({ detail: 'slept' });
  await socket.close();
  await world.close();
}, 25_000);
