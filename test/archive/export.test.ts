import { afterEach, expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { transaction } from '#base/db/transaction.ts';
import { deletePost } from '#domain/posts/delete.ts';
import {
  beginExport,
  findExport,
  findExportSchedule,
  listExportsOf,
} from '#doors/archive/export-queries.ts';
import { askArchive, dropArchive, exportPaths, scheduleArchive } from '#doors/archive/exports.ts';
import {
  archiveSchema,
  blockSchema,
  commentSchema,
  entries,
  filterSchema,
  followSchema,
  keptSchema,
  listSchema,
  messageSchema,
  noteSchema,
  postSchema,
  profileSchema,
  reactionSchema,
  tagsSchema,
  waitingSchema,
} from '#doors/archive/format.ts';
import { configForChild } from '#doors/archive/out-context.ts';
import { runExport } from '#doors/archive/run-export.ts';
import { sweepExports } from '#doors/archive/sweep-exports.ts';
import { writeArchive } from '#doors/archive/write-archive.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { ask, createFullWorld, publish, upload } from '#test/harness/full-world.ts';
import { blobsOf, post as postWithoutFile } from '#test/posts/world.ts';
import { exportsOf, makeArchive, readZip, runProgram } from './world.ts';

const open: TestApp[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function fullWorld() {
  const world = await createFullWorld();
  open.push(world.app);
  return world;
}

const LINES = {
  [entries.posts]: postSchema,
  [entries.comments]: commentSchema,
  [entries.reactions]: reactionSchema,
  [entries.messages]: messageSchema,
  [entries.waiting]: waitingSchema,
  [entries.bookmarks]: keptSchema,
  [entries.likes]: keptSchema,
  [entries.boosts]: keptSchema,
  [entries.follows]: followSchema,
  [entries.blocks]: blockSchema,
  [entries.lists]: listSchema,
  [entries.filters]: filterSchema,
  [entries.notes]: noteSchema,
} as const;

test('an archive holds every original byte for byte, and every text as its schema says', async () => {
  const { app, ann, ben, cleo } = await fullWorld();
  await ask(app, ben, 'POST', `/api/v1/accounts/${cleo.viewer.id}/block`);
  await ask(app, ben, 'POST', `/api/v1/accounts/${ann.viewer.id}/mute`);
  await ask(app, ben, 'POST', `/api/v1/accounts/${ann.viewer.id}/note`, { comment: 'A friend' });
  const list = await ask(app, ben, 'POST', '/api/v1/lists', { title: 'People, "mine" 🍮' });
  await ask(app, ben, 'POST', `/api/v1/lists/${list.id}/accounts`, {
    account_ids: [String(ann.viewer.id)],
  });
  await ask(app, ben, 'POST', '/api/v2/filters', {
    title: 'Loud',
    context: ['home'],
    keywords_attributes: [{ keyword: 'loud', whole_word: true }],
  });
  const waiting = await upload(app, ben, 'For later');
  await ask(app, ben, 'POST', '/api/v1/statuses', {
    status: 'Later',
    media_ids: [waiting],
    scheduled_at: new Date(Date.now() + 86_400_000).toISOString(),
  });
  await upload(app, ben, 'Nobody has it');
  const row = await makeArchive(app, ben);
  const zip = await readZip(row.path);

  const archive = v.parse(archiveSchema, await zip.json(entries.archive));
  expect(archive.account.username).toBe('ben');
  expect(archive.counts.entries).toBe(zip.names.length);
  expect(archive.counts.photos).toBe(4);
  expect(archive.problems.filter(({ file }) => !file.startsWith('gallery/'))).toEqual([]);
  v.parse(profileSchema, await zip.json(entries.profile));
  v.parse(tagsSchema, await zip.json(entries.tags));
  for (const [name, schema] of Object.entries(LINES)) {
    const lines = await zip.lines(name);
    for (const line of lines) v.parse(schema, line);
    expect([name, lines.length > 0]).toEqual([
      name,
      name !== entries.bookmarks || lines.length > 0,
    ]);
  }
  const posts = (await zip.lines(entries.posts)).map((line) => v.parse(postSchema, line));
  const later = (await zip.lines(entries.waiting)).map((line) => v.parse(waitingSchema, line));
  expect(later.map(({ at, photos }) => [at !== null, photos.length])).toEqual([
    [true, 1],
    [false, 1],
  ]);
  const photos = [...posts, ...later].flatMap((each) => each.photos);
  expect(photos.length).toBe(4);
  for (const { id, original, renditions } of photos) {
    const blob = app.ctx.db
      .query<{ name: string }, { id: number }>(
        'SELECT original_blob AS name FROM media WHERE id = $id',
      )
      .get({ id: Number(id) });
    const stored = await Bun.file(app.ctx.files.mediaPath(blob?.name ?? '')).bytes();
    const packed = await zip.bytes(original?.file ?? '');
    expect(Buffer.compare(stored, packed)).toBe(0);
    expect(new Bun.CryptoHasher('sha256').update(packed).digest('hex')).toBe(
      original?.sha256 ?? '',
    );
    expect(renditions.map(({ name }) => name)).toEqual(['small']);
    expect(zip.names).toContain(`${original?.file}.xmp`);
    expect(zip.names).toContain(`${original?.file}.json`);
  }
  expect(posts.map(({ visibility }) => visibility)).toEqual([
    'public',
    'followers',
    'public',
    'direct',
  ]);
  expect(posts[0]?.versions.length).toBe(1);

  const sums = (await zip.text(entries.sums)).trim().split('\n');
  expect(sums.length).toBe(zip.names.length - 1);
  for (const line of sums) {
    const [hash = '', name = ''] = line.split('  ');
    const bytes = await zip.bytes(name);
    expect([name, new Bun.CryptoHasher('sha256').update(bytes).digest('hex')]).toEqual([
      name,
      hash,
    ]);
  }
  expect(await zip.text(entries.listsCsv)).toBe('"People, ""mine"" 🍮",ann@localhost:0\n');
  expect(await zip.text(entries.followingCsv)).toContain('\nann@localhost:0,true,false,\n');
  expect(await zip.text(entries.blockedCsv)).toBe('cleo@localhost:0\n');
  expect(await zip.text(entries.mutedCsv)).toContain('\nann@localhost:0,true\n');
  await zip.close();
  const unzip = await runProgram(['unzip', '-tq', row.path]);
  expect(unzip.code <= 0 ? '' : unzip.output).toBe('');
}, 60_000);

test('the ActivityStreams files are those of a Mastodon archive', async () => {
  const { app, ann } = await fullWorld();
  const zip = await readZip((await makeArchive(app, ann, true)).path);
  const actor = await zip.json(entries.actor);
  expect([actor.outbox, actor.likes, actor.bookmarks]).toEqual([
    'outbox.json',
    'likes.json',
    'bookmarks.json',
  ]);
  const outbox = await zip.json(entries.outbox);
  const items = outbox.orderedItems as { type: string; object: Record<string, unknown> }[];
  expect(outbox.totalItems).toBe(items.length);
  expect(items.map(({ type }) => type)).toEqual(['Create', 'Create', 'Announce']);
  const [photo] = (items[0]?.object.attachment ?? []) as { url: string; name: string }[];
  expect(photo?.name).toBe('A cup');
  expect(zip.names).toContain(photo?.url ?? '');
  const likes = await zip.json(entries.likedUris);
  expect((likes.orderedItems as string[])[0]).toStartWith('http://localhost:0/users/ben/posts/');
  expect(await zip.text(entries.bookmarksCsv)).toStartWith('http://localhost:0/users/ben/posts/');
  expect(zip.names.filter((name) => name.startsWith('media/renditions/')).length).toBe(3);
  await zip.close();
}, 60_000);

test('messages are in with both sides, and nothing of conversations of others', async () => {
  const { app, ann, ben, cleo } = await fullWorld();
  await publish(app, ann, { status: 'Answer to @ben', visibility: 'direct' });
  await publish(app, ann, { status: 'Secret to @cleo', visibility: 'direct' });
  const path = (await makeArchive(app, ben)).path;
  const zip = await readZip(path);
  const lines = await zip.lines(entries.messages);
  expect(lines.map(({ text, own }) => [text, own])).toEqual([
    ['Just for @ann', true],
    ['Answer to @ben', false],
  ]);
  for (const name of zip.names) expect(await zip.text(name)).not.toContain('Secret to');
  await zip.close();
  expect(cleo.viewer.id).toBeGreaterThan(0);
}, 60_000);

test('T122: what is deleted while the archive is written is in it whole', async () => {
  const { app, ben } = await fullWorld();
  const to = join(app.ctx.files.exports, 'a.zip');
  const names = await app.ctx.db
    .query<{ name: string }, []>('SELECT name FROM blobs')
    .all()
    .map(({ name }) => app.ctx.files.mediaPath(name));
  let progress = 0;
  const order = { config: configForChild(app.ctx.config), accountId: ben.viewer.id, to };
  const written = await writeArchive(
    { ...order, renditions: true, scratch: join(app.ctx.files.exports, 'a.work') },
    () => {
      // The database was read, and nothing is packed yet: now everything goes.
      if (progress === 0) for (const path of names) rmSync(path, { force: true });
      progress += 1;
    },
  );
  expect(written.problems.filter(({ file }) => file.startsWith('media/'))).toEqual([]);
  const zip = await readZip(to);
  const posts = (await zip.lines(entries.posts)).map((line) => v.parse(postSchema, line));
  const files = posts.flatMap(({ photos }) =>
    photos.flatMap(({ original, renditions }) => [original, ...renditions]),
  );
  expect(files.length).toBe(8);
  for (const file of files) {
    const bytes = await zip.bytes(file?.file ?? '');
    const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
    expect(hash).toBe(file?.sha256 ?? '');
  }
  await zip.close();
  expect(readdirSync(app.ctx.files.exports)).toEqual(['a.zip']);
}, 60_000);

test('T122: a file that the server has lost is told, and is named nowhere', async () => {
  const { app, ben } = await fullWorld();
  const { name } = app.ctx.db
    .query<{ name: string }, { id: number }>(
      `SELECT original_blob AS name FROM media WHERE account_id = $id AND post_id IS NOT NULL`,
    )
    .get({ id: ben.viewer.id }) ?? { name: '' };
  rmSync(app.ctx.files.mediaPath(name));
  const row = await makeArchive(app, ben);
  expect(row.detail).toContain('could not be put in');
  const zip = await readZip(row.path);
  const [first] = (await zip.lines(entries.posts)).map((line) => v.parse(postSchema, line));
  expect(first?.photos[0]?.original).toBeNull();
  // What the gallery shows instead.
  expect(first?.photos[0]?.renditions.map((each) => each.name).sort()).toEqual(['large', 'small']);
  expect(await zip.text(entries.readme)).toContain('The server has lost this file.');
  await zip.close();
}, 60_000);

test('a photo that changed on the disk is packed as it is, and told', async () => {
  const { app, ben } = await fullWorld();
  const { name } = app.ctx.db
    .query<{ name: string }, { id: number }>(
      `SELECT original_blob AS name FROM media WHERE account_id = $id AND post_id IS NOT NULL`,
    )
    .get({ id: ben.viewer.id }) ?? { name: '' };
  writeFileSync(app.ctx.files.mediaPath(name), 'rotten');
  const zip = await readZip((await makeArchive(app, ben)).path);
  const { problems } = v.parse(archiveSchema, await zip.json(entries.archive));
  const problem = problems.find(({ file }) => file.startsWith('media/'));
  expect(problem?.problem).toContain('fingerprint differs');
  expect(await zip.text(problem?.file ?? '')).toBe('rotten');
  expect(await zip.text(entries.sums)).toContain(
    `${new Bun.CryptoHasher('sha256').update('rotten').digest('hex')}  ${problem?.file}`,
  );
  await zip.close();
}, 60_000);

test('who asks twice gets the one that is on its way, and a new one takes the place of the old', async () => {
  const { app, ben } = await fullWorld();
  const first = askArchive(app.ctx, ben.viewer.id, { renditions: false });
  expect(askArchive(app.ctx, ben.viewer.id, { renditions: true }).id).toBe(first.id);
  await app.settle();
  const old = findExport(app.ctx.db, first.id);
  expect(existsSync(exportPaths(app.ctx, old?.file ?? '').whole)).toBe(true);
  const second = await makeArchive(app, ben);
  expect(listExportsOf(app.ctx.db, ben.viewer.id).map(({ id }) => id)).toEqual([second.id]);
  expect(readdirSync(exportsOf(app))).toEqual([`${second.file}.zip`]);
  expect(statSync(second.path).mode & 0o077).toBe(0);
  dropArchive(app.ctx, ben.viewer.id, second.id);
  expect(readdirSync(exportsOf(app))).toEqual([]);
}, 60_000);

test('one that a crash left half-written is begun anew, and given up after three tries', async () => {
  const { app, ben } = await fullWorld();
  const { id } = askArchive(app.ctx, ben.viewer.id, { renditions: false });
  const paths = exportPaths(app.ctx, 'halfwritten');
  transaction(app.ctx.db, () => beginExport(app.ctx.db, id, 'halfwritten'));
  writeFileSync(paths.part, 'half');
  mkdirSync(paths.scratch);
  await app.settle();
  const row = findExport(app.ctx.db, id);
  expect([row?.state, row?.tries]).toEqual(['done', 2]);
  expect(readdirSync(exportsOf(app))).toEqual([`${row?.file}.zip`]);
  const again = askArchive(app.ctx, ben.viewer.id, { renditions: false });
  for (let each = 0; each < 3; each += 1) {
    transaction(app.ctx.db, () => beginExport(app.ctx.db, again.id, 'x'));
  }
  await runExport(app.ctx, { exportId: again.id }, new AbortController().signal);
  expect(findExport(app.ctx.db, again.id)?.state).toBe('failed');
}, 60_000);

test('one that is stopped, and one that the disk has no room for, leave nothing', async () => {
  const { app, ben } = await fullWorld();
  const { id } = askArchive(app.ctx, ben.viewer.id, { renditions: false });
  dropArchive(app.ctx, ben.viewer.id, id);
  await app.settle();
  expect(readdirSync(exportsOf(app))).toEqual([]);
  const files = { ...app.ctx.files, freeBytes: () => 400_000_000 };
  const full = { ...app.ctx, files };
  expect(() => askArchive(full, ben.viewer.id, { renditions: false })).toThrow('has no room');
  const late = askArchive(app.ctx, ben.viewer.id, { renditions: false });
  await runExport(full, { exportId: late.id }, new AbortController().signal);
  const row = findExport(app.ctx.db, late.id);
  expect([row?.state, row?.file]).toEqual(['failed', null]);
  expect(row?.detail).toContain('has no room');
  expect(readdirSync(exportsOf(app))).toEqual([]);
}, 60_000);

test('the sweep removes what is over and what nobody names, and keeps what somebody writes', async () => {
  const { app, ben } = await fullWorld();
  const row = await makeArchive(app, ben);
  const folder = exportsOf(app);
  writeFileSync(join(folder, 'left.part'), 'x');
  writeFileSync(join(folder, 'fresh.part'), 'x');
  mkdirSync(join(folder, 'left.work', 'held'), { recursive: true });
  const past = Date.now() / 1000 - 7_200;
  utimesSync(join(folder, 'left.part'), past, past);
  utimesSync(join(folder, 'left.work'), past, past);
  expect(sweepExports(app.ctx, { dryRun: true })).toMatchObject({ files: 2, expired: 0 });
  expect(sweepExports(app.ctx)).toMatchObject({ files: 2, expired: 0 });
  expect(readdirSync(folder).sort()).toEqual([`${row.file}.zip`, 'fresh.part'].sort());
  app.clock.advance(8 * 86_400_000);
  expect(sweepExports(app.ctx)).toMatchObject({ expired: 1 });
  expect(listExportsOf(app.ctx.db, ben.viewer.id)).toEqual([]);
  expect(existsSync(row.path)).toBe(false);
}, 60_000);

test('whoever wants one every month gets one every month', async () => {
  const { app, ben } = await fullWorld();
  scheduleArchive(app.ctx, ben.viewer.id, { renditions: true });
  expect(sweepExports(app.ctx).asked).toBe(0);
  app.clock.advance(31 * 86_400_000);
  expect(sweepExports(app.ctx).asked).toBe(1);
  expect(sweepExports(app.ctx).asked).toBe(0);
  await app.settle();
  expect(listExportsOf(app.ctx.db, ben.viewer.id).map(({ state }) => state)).toEqual(['done']);
  scheduleArchive(app.ctx, ben.viewer.id, null);
  expect(findExportSchedule(app.ctx.db, ben.viewer.id)).toBeNull();
}, 60_000);

test('a thousand posts with photos that the disk has lost are still an archive', async () => {
  const app = await createTestApp({ config: { rates: false } });
  open.push(app);
  const ann = await app.person('ann', 'owner');
  const made = Array.from({ length: 1000 }, (_, at) =>
    postWithoutFile(app.ctx, ann.viewer, { caption: `Post ${at} ${'🍮 '.repeat(50)}` }),
  );
  expect(blobsOf(app.ctx, 1)).toEqual([]);
  deletePost(app.ctx, ann.viewer, made[3]?.id ?? 0);
  const zip = await readZip((await makeArchive(app, ann)).path);
  expect((await zip.lines(entries.posts)).length).toBe(999);
  await zip.close();
}, 60_000);
