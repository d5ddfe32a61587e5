import { expect, test } from 'bun:test';
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownCommand } from '#base/platform/own-command.ts';
import { configForChild } from '#doors/archive/out-context.ts';
import { createTestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

/** `TINTYPE_ARCHIVE_GB=20 bun test test/operations/archive-memory.test.ts` is the whole measurement. */
const gigabytes = Number(process.env.TINTYPE_ARCHIVE_GB ?? 1);
const EACH = 50_000_000;
const MOST = 150_000_000;

test(`an archive of ${gigabytes} GB is written in constant memory`, async () => {
  const app = await createTestApp({ config: { rates: false } });
  const { ctx } = app;
  const ann = await app.person('ann', 'owner');
  const count = Math.ceil((gigabytes * 1e9) / EACH);
  for (let at = 0; at < count; at += 1) {
    const { id } = post(ctx, ann.viewer, { caption: `Post ${at}` });
    const names = ctx.db
      .query<{ original: string; small: string }, { id: number }>(
        `SELECT m.original_blob AS original, r.blob_name AS small FROM media m
         JOIN renditions r ON r.media_id = m.id AND r.name = 'small' WHERE m.post_id = $id`,
      )
      .get({ id });
    for (const name of [names?.original ?? '', names?.small ?? '']) {
      mkdirSync(dirname(ctx.files.mediaPath(name)), { recursive: true });
      writeFileSync(ctx.files.mediaPath(name), `photo ${at}`);
    }
    truncateSync(ctx.files.mediaPath(names?.original ?? ''), EACH);
  }
  const to = join(ctx.files.exports, 'a.zip');
  const child = Bun.spawn(ownCommand('archive-worker'), {
    env: {},
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const order = { config: configForChild(ctx.config), accountId: ann.viewer.id, renditions: false };
  child.stdin.write(`${JSON.stringify({ ...order, to, scratch: join(ctx.files.exports, 'w') })}\n`);
  await child.stdin.flush();
  const begun = Date.now();
  let peak = 0;
  let last = '';
  for await (const bytes of child.stdout) {
    last = new TextDecoder().decode(bytes);
    peak = Math.max(peak, peakOf(child.pid));
  }
  expect(await child.exited).toBe(0);
  expect(last).toContain('"written"');
  const { size } = statSync(to);
  expect(size).toBeGreaterThan(count * EACH);
  if (gigabytes > 1) {
    const seconds = Math.round((Date.now() - begun) / 1000);
    console.log(`${count} originals, ${size} bytes: ${seconds} s, at most ${peak / 1e6} MB`);
  }
  expect(peak).toBeLessThan(MOST);
  rmSync(to);
  await app.close();
}, 600_000);

/** The most memory that a process ever had, in bytes. */
function peakOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
