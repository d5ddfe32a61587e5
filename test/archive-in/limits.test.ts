import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { transaction } from '#base/db/transaction.ts';
import { saveClosing } from '#domain/closing.ts';
import { startImport } from '#doors/archive/import-change.ts';
import { takeImportPerson } from '#doors/archive/import-people.ts';
import { countItems, insertItems, listImports, listItems } from '#doors/archive/import-queries.ts';
import { beginUpload } from '#doors/archive/import-upload.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { makeZip } from '#test/harness/archives.ts';
import { all, archiveFolder, goOn, postsOf, readFile, takeFile } from './world.ts';

// Each reading starts a process; a machine with other work takes its time.
setDefaultTimeout(60_000);

let app: TestApp;
let ada: Person;
const folder = archiveFolder();
beforeAll(async () => {
  app = await createTestApp();
  ada = await app.person('ada', 'owner');
});
afterAll(async () => {
  folder.remove();
  await app.close();
});

const words = (n: number) =>
  makeZip([
    {
      name: 'outbox.json',
      data: JSON.stringify({
        orderedItems: [1, 2, 3].map((at) => ({
          type: 'Create',
          object: {
            type: 'Note',
            id: `https://old.example/${n}/${at}`,
            published: '2020-01-01T00:00:00Z',
            to: ['https://www.w3.org/ns/activitystreams#Public'],
            content: `<p>Words ${at}</p>`,
          },
        })),
      }),
    },
  ]);

test('of uploads that are begun at the same moment one is waited for, and one takes room', async () => {
  const begun = await Promise.allSettled(
    Array.from({ length: 8 }, () =>
      beginUpload(app.ctx, ada.viewer, { fileName: 'a.zip', bytes: 1_000 }),
    ),
  );
  expect(begun.some(({ status }) => status === 'fulfilled')).toBe(true);
  const rows = listImports(app.ctx.db, ada.viewer.id, 20);
  expect(rows.filter(({ state }) => state === 'uploading')).toHaveLength(1);
  expect(rows.filter(({ file }) => file !== null)).toHaveLength(1);
  expect(readdirSync(app.ctx.files.imports)).toHaveLength(1);
});

test('what cannot be read takes no room on the disk, however often it is brought', async () => {
  const row = await readFile(app, ada, folder.write('noise.zip', Buffer.alloc(50_000, 'noise')));
  expect(row).toMatchObject({ state: 'failed', file: null });
  expect(readdirSync(app.ctx.files.imports)).toEqual([]);
});

test('files of earlier imports go with the next one, and reports after three', async () => {
  const rows = [];
  for (const n of [1, 2, 3, 4, 5]) {
    // Nothing of them is wanted, so only their reports are left.
    rows.push(await takeFile(app, ada, folder.write(`${n}.zip`, words(n)), { textPosts: false }));
  }
  const counts = rows.map(
    ({ id }) => listItems(app.ctx.db, id, { after: 0, limit: 9, troubled: false }).length,
  );
  expect(counts).toEqual([0, 0, 3, 3, 3]);
  expect(readdirSync(app.ctx.files.imports).length).toBeLessThanOrEqual(2);
});

test('pieces that come at the same moment wait for each other, unread', async () => {
  const row = await beginUpload(app.ctx, ada.viewer, { fileName: 'a.zip', bytes: 90_000_000 });
  let read = 0;
  const ended: (() => void)[] = [];
  const slow = () =>
    new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          read += 1;
          return new Promise((resolve) => {
            ended.push(() => {
              controller.error(new Error('gone'));
              resolve();
            });
          });
        },
      },
      { highWaterMark: 0 },
    );
  const path = `/settings/import/${row.id}/bytes?offset=0`;
  const sent = Array.from({ length: 6 }, () =>
    app.request(path, { as: ada, method: 'PUT', body: slow() }),
  );
  while (read < 2) await Bun.sleep(5);
  await Bun.sleep(50);
  expect(read).toBe(2);
  // Each that ends lets the next one in.
  for (let at = 0; at < sent.length; at += 1) {
    while (ended.length <= at) await Bun.sleep(5);
    ended[at]?.();
  }
  for (const { status } of await Promise.all(sent)) expect(status).toBe(400);
  expect(read).toBe(6);
});

test('T125: a list of a hundred thousand people does not hold the server up', async () => {
  const members = Array.from({ length: 100_000 }, (_, n) => `somebody${n}@far.example`);
  const base = { source: 'list:long', label: 'Long', skip: null, notes: [], exclusive: false };
  let last = performance.now();
  let longest = 0;
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(look, 1);
  const ended = await takeImportPerson(app.ctx, ada.viewer, { kind: 'list', ...base, members });
  expect(ended.reason).toContain('100000 of 100000 are not on it');
  clearInterval(timer);
  look();
  // Generous for a machine with other work; in one go it is a second.
  expect(longest).toBeLessThan(250);
});

test('T125: a report of very many lines is not counted again and again', async () => {
  const row = await beginUpload(app.ctx, ada.viewer, { fileName: 'a.zip', bytes: 10 });
  const lines = Array.from({ length: 150_000 }, (_, at) => ({
    ...{ importId: row.id, position: at + 1, kind: at % 2 ? 'text' : 'follow' },
    ...{ source: `https://old.example/${at}`, label: `Words ${at}`, outcome: 'skipped' as const },
    ...{ reason: 'You chose to leave this out.', planAt: at, planBytes: 9 },
  }));
  transaction(app.ctx.db, () => insertItems(app.ctx.db, lines));
  const timeOf = async (path: string) => {
    const begun = performance.now();
    for (let at = 0; at < 10; at += 1) await app.request(path, { as: ada });
    return (performance.now() - begun) / 10;
  };
  const report = `/settings/import/${row.id}`;
  await app.request(report, { as: ada });
  const once = performance.now();
  countItems(app.ctx.db, row.id);
  const counting = performance.now() - once;
  expect(await timeOf(report)).toBeLessThan(counting);
  expect(await timeOf(`${report}/state`)).toBeLessThan(counting / 2);
});

test('a place that has closed takes no posts out of an archive either', async () => {
  const row = await readFile(app, ada, folder.write('late.zip', words(9)));
  const day = 86_400_000;
  const closesAt = app.ctx.now() - day;
  startImport(app.ctx, ada.viewer, row.id, all, false);
  saveClosing(app.ctx, { announcedAt: closesAt - day, closesAt, message: '', reminded: [] });
  try {
    await goOn(app, row);
    expect(postsOf(app, ada)).toEqual([]);
    const again = beginUpload(app.ctx, ada.viewer, { fileName: 'a.zip', bytes: 10 });
    await expect(again).rejects.toThrow('has closed');
  } finally {
    saveClosing(app.ctx, null);
  }
});
