import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { ownCommand } from '#base/platform/own-command.ts';
import type { ReaderAnswer, ReaderTask } from '#doors/archive/import-worker.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import {
  type Made,
  makeOverlappingZip,
  makeTar,
  makeTarGz,
  makeZip,
} from '#test/harness/archives.ts';
import { archiveFolder, itemsOf, photo, postsOf, readFile, takeFile, tally } from './world.ts';

// Each reading starts a process; a machine with other work takes its time.
setDefaultTimeout(60_000);

const folder = archiveFolder();
let app: TestApp;
let ada: Person;
let number = 0;

beforeAll(async () => {
  app = await createTestApp();
  await app.person('grace', 'owner');
});
beforeEach(async () => {
  number += 1;
  ada = await app.person(`ada${number}`);
});
afterAll(async () => {
  await app.close();
  folder.remove();
});

/** A Mastodon outbox with a post for each of these attachments. */
function outbox(urls: readonly string[], more: Record<string, unknown> = {}): Made {
  const orderedItems = urls.map((url, n) => ({
    type: 'Create',
    object: {
      id: `https://old.example/users/ada/statuses/${n}`,
      type: 'Note',
      published: '2020-01-02T03:04:05Z',
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      content: `<p>${n}</p>`,
      attachment: [{ type: 'Document', mediaType: 'image/jpeg', url }],
      ...more,
    },
  }));
  return { name: 'outbox.json', data: JSON.stringify({ type: 'OrderedCollection', orderedItems }) };
}

/** Runs the child with one task and says what it needed: bytes of memory at most, milliseconds. */
async function inChild(...tasks: [ReaderTask, ...ReaderTask[]]) {
  const started = performance.now();
  const child = Bun.spawn(ownCommand('import-worker'), {
    env: {},
    stdin: new Blob(tasks.map((task) => `${JSON.stringify(task)}\n`)),
    stdout: 'pipe',
    stderr: 'ignore',
  });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, highWater(child.pid));
  }, 10);
  const text = await new Response(child.stdout).text();
  await child.exited;
  clearInterval(look);
  const answers = text
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (JSON.parse(line) as ReaderAnswer)));
  const answer: ReaderAnswer = answers[0] ?? { kind: 'failed', message: 'it died' };
  return { answer, answers, peak, took: performance.now() - started };
}

/** What a process needed at most so far; what the kernel tells after its end counts its parent in. */
function highWater(pid: number): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function plan(file: string): ReaderTask {
  const scratch = `${file}.d`;
  if (!existsSync(scratch)) Bun.spawnSync(['mkdir', scratch]);
  return {
    ...{ kind: 'plan', file, fileName: 'x', scratch, format: null, list: null },
    ...{ most: 500_000_000, now: Date.now(), origin: 'https://here.example' },
  };
}

const EVIL = [
  '../../evil.jpg',
  '/tmp/tintype-evil.jpg',
  'a/../../evil.jpg',
  '..\\..\\evil.jpg',
  'C:\\evil.jpg',
  'c:/evil.jpg',
  './evil.jpg',
  'media_attachments/../evil.jpg',
];

for (const kind of ['zip', 'tar.gz'] as const) {
  test(`T115: no name of a ${kind} leads out of the folder, and none is taken that wants to`, async () => {
    const data = await photo(1);
    const files = [outbox(EVIL), ...EVIL.map((name) => ({ name, data }))];
    const made = kind === 'zip' ? makeZip(files) : makeTarGz(files);
    const row = await takeFile(app, ada, folder.write(`evil.${kind}`, made));
    expect(tally(app, row)).toEqual({ 'post skipped': EVIL.length });
    expect(existsSync('/tmp/tintype-evil.jpg')).toBe(false);
    const names = readdirSync(app.ctx.files.root, { recursive: true }).map(String);
    expect(names.filter((name) => name.includes('evil'))).toEqual([]);
  });
}

test('T115: links, devices and folders of an archive are passed over', async () => {
  const data = await photo(2);
  const zip = makeZip([
    outbox(['link.jpg', 'dir.jpg', 'good.jpg']),
    { name: 'link.jpg', data: '/etc/passwd', mode: 0o120777 },
    { name: 'dir.jpg/', data: '', mode: 0o040755 },
    { name: 'good.jpg', data },
  ]);
  const first = await takeFile(app, ada, folder.write('links.zip', zip));
  expect(tally(app, first)).toEqual({ 'post skipped': 2, 'post done': 1 });
  const eve = await app.person(`eve${number}`);
  const tar = makeTarGz([
    outbox(['sym.jpg', 'hard.jpg', 'device.jpg', 'fifo.jpg', 'good.jpg']),
    { name: 'sym.jpg', type: '2', size: 0 },
    { name: 'hard.jpg', type: '1', size: 0 },
    { name: 'device.jpg', type: '3', size: 0 },
    { name: 'fifo.jpg', type: '6', size: 0 },
    { name: 'good.jpg', data },
  ]);
  const second = await takeFile(app, eve, folder.write('links.tar.gz', tar));
  expect(tally(app, second)).toEqual({ 'post skipped': 4, 'post done': 1 });
});

test('T115: names that differ in upper and lower case alone, or twice the same, stay apart', async () => {
  const [lower, upper] = [await photo(3), await photo(4)];
  const zip = makeZip([
    outbox(['a.jpg', 'A.JPG']),
    { name: 'a.jpg', data: lower },
    { name: 'A.JPG', data: upper },
    { name: 'a.jpg', data: upper },
  ]);
  const row = await takeFile(app, ada, folder.write('case.zip', zip));
  expect(tally(app, row)).toEqual({ 'post done': 2 });
  const sums = app.ctx.db
    .query<{ sha256: string }, { id: number }>(
      `SELECT sha256 FROM blobs WHERE account_id = $id AND purpose = 'original' ORDER BY created_at`,
    )
    .all({ id: ada.viewer.id });
  expect(new Set(sums.map((each) => each.sha256)).size).toBe(2);
});

test('T116: an archive whose files overlap is refused before a byte is made', async () => {
  const zip = makeOverlappingZip(1_000, Buffer.alloc(20_000_000));
  const { answer, took } = await inChild(plan(folder.write('overlap.zip', zip)));
  expect(answer).toEqual({
    kind: 'refused',
    sentence: 'Files overlap in this ZIP; no honest program makes such a file.',
  });
  expect(took).toBeLessThan(5_000);
});

test('T116: a million names are refused by their number, said or not', async () => {
  const many = makeOverlappingZip(300_000, Buffer.alloc(10));
  const said = await inChild(plan(folder.write('many.zip', many)));
  expect(said.answer.kind).toBe('refused');
  expect(said.peak).toBeLessThan(250_000_000);
  const tar = makeTar([{ name: 'a.txt' }]).subarray(0, 512);
  const million = gzipSync(Buffer.alloc(512 * 400_000, tar), { level: 1 });
  const counted = await inChild(plan(folder.write('many.tar.gz', million)));
  expect(counted.answer.kind).toBe('refused');
  expect(counted.took).toBeLessThan(15_000);
  expect(counted.peak).toBeLessThan(250_000_000);
});

test('T116: a list and a photo that swell are broken off, whatever size they claim', async () => {
  const zeros = Buffer.alloc(60_000_000, 32);
  zeros[0] = 0x5b;
  const list = makeZip([{ name: 'outbox.json', data: zeros, claimed: 10 }]);
  const listed = await inChild(plan(folder.write('swell.zip', list)));
  expect(listed.answer).toEqual({
    kind: 'refused',
    sentence: 'A file in this archive swells beyond all measure.',
  });
  expect(listed.peak).toBeLessThan(250_000_000);
  const bomb = makeZip([outbox(['a.jpg']), { name: 'a.jpg', data: zeros, claimed: 100 }]);
  const row = await takeFile(app, ada, folder.write('photo.zip', bomb));
  expect(itemsOf(app, row)[0]?.reason).toBe('A file in this archive swells beyond all measure.');
});

test('T116: a tar that swells, or names sizes that no disk has, is broken off', async () => {
  const swollen = makeTarGz([{ name: 'a.json', data: Buffer.alloc(100_000_000) }]);
  const first = await inChild(plan(folder.write('swell.tar.gz', swollen)));
  expect(first.answer.kind).toBe('refused');
  expect(first.peak).toBeLessThan(250_000_000);
  for (const size of [8_589_934_591, 1_000_000]) {
    const lying = makeTar([{ name: 'x', type: 'x', size, data: 'abc' }]);
    const { answer } = await inChild(plan(folder.write(`lying-${size}.tar`, lying)));
    expect(answer.kind).toBe('refused');
  }
});

test('T116: archives in archives are not opened', async () => {
  const inner = makeZip([outbox(['a.jpg'])]);
  const outer = makeZip([{ name: 'lib 0.zip', data: inner, stored: true }, outbox(['lib 0.zip'])]);
  const row = await takeFile(app, ada, folder.write('42.zip', outer));
  expect(tally(app, row)).toEqual({ 'post failed': 1 });
});

test('T116: lists that are nested without end, cut short or no lists at all are refused', async () => {
  const texts = [
    '['.repeat(1_000_000),
    '{"orderedItems":['.repeat(1_000),
    '[{"a":1',
    '[{]}',
    '{"a"',
  ];
  const files = texts.map((text, index) =>
    plan(folder.write(`nested-${index}.zip`, makeZip([{ name: 'outbox.json', data: text }]))),
  );
  const huge = makeZip([
    {
      name: 'outbox.json',
      data: `{"orderedItems":[{"a":"${'é'.repeat(5_000_000)}"}]}`,
      stored: true,
    },
  ]);
  const { answers } = await inChild(plan(folder.write('huge.zip', huge)), ...files);
  expect(answers.map(({ kind }) => kind)).toEqual(Array(6).fill('refused'));
});

test('T116: damaged and truncated files are refused, and a wrong checksum is', async () => {
  const good = makeZip([outbox(['a.jpg']), { name: 'a.jpg', data: await photo(5) }]);
  for (const cut of [10, 200, good.length - 10]) {
    const { answer } = await inChild(plan(folder.write(`cut-${cut}.zip`, good.subarray(0, cut))));
    expect(answer.kind).toBe('refused');
  }
  const wrong = makeZip([outbox(['a.jpg']), { name: 'a.jpg', data: await photo(5), crc: 1 }]);
  const row = await takeFile(app, ada, folder.write('crc.zip', wrong));
  expect(itemsOf(app, row)[0]?.reason).toBe('A file in this archive is damaged.');
  const liar = makeZip([outbox([])], { entries: 0 });
  expect((await inChild(plan(folder.write('liar.zip', liar)))).answer.kind).toBe('refused');
});

test('T116: broken bytes anywhere end in an answer, never in silence', async () => {
  const good = makeZip([outbox(['a.jpg', 'b.jpg']), { name: 'a.jpg', data: await photo(6) }]);
  const tar = makeTarGz([outbox(['a.jpg']), { name: 'a.jpg', data: await photo(6) }]);
  let seed = 7;
  const random = (most: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  const tasks = Array.from({ length: 30 }, (_, round) => {
    const broken = Buffer.from(round % 2 === 0 ? good : tar);
    for (let n = 0; n < 5; n += 1) broken[random(broken.length)] = random(256);
    return plan(folder.write(`broken-${round}`, broken));
  });
  const { answers } = await inChild(plan(folder.write('good', good)), ...tasks);
  expect(answers).toHaveLength(31);
  for (const { kind } of answers) expect(['refused', 'planned']).toContain(kind);
});

test('T117: authors, ids, sights and addresses of an archive are not believed', async () => {
  const victim = await app.person(`victim${number}`);
  const theirs = app.ctx.newId();
  app.ctx.db
    .query(`INSERT INTO posts (id, account_id, audience_id, visibility, caption, published_at)
    VALUES ($id, $account, $account, 'self', 'mine', 1)`)
    .run({ id: theirs, account: victim.viewer.id });
  const data = await photo(7);
  const zip = makeZip([
    outbox(['a.jpg'], {
      id: `http://localhost/users/${victim.viewer.username}/posts/${theirs}`,
      attributedTo: `http://localhost/users/${victim.viewer.username}`,
      published: '2999-01-01T00:00:00Z',
      content: `<p onclick=x>hi <img src=https://tracker.example/x onerror=alert(1)> @${victim.viewer.username}
        <a href="javascript:alert(1)">x</a></p><script>alert(2)</script>&lt;script&gt;3&lt;/script&gt;`,
      summary: '<b>"x"</b>',
    }),
    { name: 'a.jpg', data },
  ]);
  const row = await takeFile(app, ada, folder.write('forged.zip', zip), {
    visibility: 'followers',
  });
  expect(tally(app, row)).toEqual({ 'post done': 1 });
  const [post] = postsOf(app, ada);
  expect(post?.visibility).toBe('followers');
  expect(post?.publishedAt).toBeLessThanOrEqual(Date.now());
  expect(post?.id).not.toBe(theirs);
  expect(post?.captionHtml).not.toMatch(/<script|<img|onclick|onerror|javascript:|<a /);
  expect(post?.captionHtml).toContain('&lt;script&gt;3');
  expect(postsOf(app, victim)).toHaveLength(1);
  // A mention would let that person see a post for followers.
  const mentions = app.ctx.db.query('SELECT count(*) AS n FROM mentions').get() as { n: number };
  const told = app.ctx.db.query('SELECT count(*) AS n FROM notifications').get() as { n: number };
  const federated = app.ctx.db
    .query(`SELECT count(*) AS n FROM jobs WHERE kind LIKE 'federation%'`)
    .get() as { n: number };
  expect([mentions.n, told.n, federated.n]).toEqual([0, 0, 0]);
});

test('T117: what is no picture is told, and the rest of the archive is taken', async () => {
  const zip = makeZip([
    outbox(['a.jpg', 'b.jpg', 'c.jpg']),
    {
      name: 'a.jpg',
      data: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    },
    { name: 'b.jpg', data: deflateRawSync(Buffer.alloc(1_000)) },
    { name: 'c.jpg', data: await photo(8) },
  ]);
  const row = await takeFile(app, ada, folder.write('pictures.zip', zip));
  expect(tally(app, row)).toEqual({ 'post failed': 2, 'post done': 1 });
  expect(readdirSync(join(app.ctx.files.root, 'tmp'))).toEqual([]);
});

test('T117: addresses of photos are fetched only if wanted, and from the one server alone', async () => {
  const asked: string[] = [];
  const picture = await photo(9);
  const fetching = await createTestApp({
    fetch: async ({ url, redirects }) => {
      asked.push(`${url} ${redirects}`);
      const body = new Uint8Array(picture);
      return { status: 200, url, headers: new Headers(), body };
    },
  } as Parameters<typeof createTestApp>[0]);
  try {
    const bob = await fetching.person('bob', 'owner');
    const status = (n: number, url: string) => ({
      ...{ id: String(n), uri: `https://pix.example/p/bob/${n}`, pf_type: 'photo' },
      ...{
        content_text: `photo ${n}`,
        created_at: '2022-05-06T07:08:09.000Z',
        visibility: 'public',
      },
      media_attachments: [{ type: 'image', url, description: 'alt', license: { id: 11 } }],
    });
    const list = JSON.stringify([
      status(1, 'https://pix.example/storage/1.jpg'),
      status(2, 'https://tracker.example/2.jpg'),
      status(3, 'http://169.254.169.254/latest/meta-data'),
      status(4, 'file:///etc/passwd'),
    ]);
    const path = folder.write('pixelfed-statuses.json', list);
    const none = await takeFile(fetching, bob, path);
    expect(none.format).toBe('pixelfed');
    expect(tally(fetching, none)).toEqual({ 'post failed': 3, 'post skipped': 1 });
    expect(asked).toEqual([]);
    const some = await takeFile(fetching, bob, path, { fetchFrom: 'pix.example' });
    expect(tally(fetching, some)).toEqual({ 'post done': 1, 'post failed': 2, 'post skipped': 1 });
    expect(asked).toEqual(['https://pix.example/storage/1.jpg 0']);
  } finally {
    await fetching.close();
  }
});

test('T116: a second reading of the same bomb leaves nothing behind', async () => {
  const row = await readFile(
    app,
    ada,
    folder.write('again.zip', makeOverlappingZip(10, Buffer.alloc(9))),
  );
  expect(row.state).toBe('failed');
  expect(row.detail).toContain('overlap');
});
