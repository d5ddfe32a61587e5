import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listExportsOf } from '#doors/archive/export-queries.ts';
import { entries } from '#doors/archive/format.ts';
import { readZip } from '#test/archive/world.ts';
import { createTestApp, type Person } from '#test/harness/app.ts';
import {
  familyOf,
  kill,
  killFamily,
  type ProgramServer,
  runProgramVerb,
  seededRandom,
  serveProgram,
  spawnVerb,
  untilGone,
} from '#test/harness/program.ts';
import { archive as words } from '#web/text/archive.ts';
import { expectInStep, expectOneSentence, expectSound, makeData } from './appliance-world.ts';

const ROUNDS = 10;
const POSTS = 40;
/** How the page tells what becomes of an archive. */
const STATES = new RegExp([words.waiting, words.running, words.done, words.failed].join('|'));
const random = seededRandom();
const root = mkdtempSync(join(tmpdir(), 'tintype-crash-export-'));
const data = join(root, 'data');
const exports = join(data, 'exports');
let ann: Person;
beforeAll(async () => {
  ann = await makeData(data, { count: POSTS, bytes: 300_000 });
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }), 30_000);

test('T122: SIGKILL at random points of tintype export leaves no half archive under its name, and the next one is whole', async () => {
  const begun = performance.now();
  await exportTo('first.zip');
  const takes = performance.now() - begun;
  let killed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const to = join(root, `${round}.zip`);
    const verb = spawnVerb(['export', 'ann', '--to', to, '--data', data]);
    const said = new Response(verb.stderr).text();
    await Bun.sleep(takes * (0.2 + 0.8 * ((round + random()) / ROUNDS)));
    const family = familyOf(verb.pid);
    // The worker alone, or the verb alone, which its worker then does not outlive.
    const victim = round % 2 === 0 ? (family[1] ?? verb.pid) : verb.pid;
    kill(victim, 'SIGKILL');
    const code = await verb.exited;
    await untilGone(family);
    if (code !== 0) killed += 1;
    if (victim !== verb.pid && code !== 0) expectOneSentence({ code, stderr: await said });
    expectSound(join(data, 'tintype.db'));
    if (existsSync(to)) await expectWhole(to);
    // A part that was left gives way to the next one, under the same name.
    else if (round % 3 === 1) await exportTo(`${round}.zip`);
  }
  expect(killed).toBeGreaterThan(1);
  await expectTidy();
}, 120_000);

test('T122: SIGKILL at random points of an archive that the page asked for: it begins anew, or says that it did not come about', async () => {
  let [killed, told] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await serveProgram(data);
    await ask(server, '/settings/archive', { renditions: 'on' });
    await Bun.sleep(random() * 250);
    const worker = familyOf(server.pid).at(-1) ?? server.pid;
    // Sometimes the worker alone, as a machine without memory does it, and the server goes on.
    if (round % 3 === 2 && worker !== server.pid) {
      kill(worker, 'SIGKILL');
      await Bun.sleep(50);
      expect(await page(server)).toMatch(STATES);
    }
    await killFamily(server.pid);
    expectSound(join(data, 'tintype.db'));
    const app = await createTestApp({ data });
    try {
      const [newest] = listExportsOf(app.ctx.db, ann.viewer.id);
      if (newest?.state !== 'done') killed += 1;
      if (newest?.state === 'failed') {
        expect(newest.detail).toMatch(/^It could not be made in three tries/);
        told += 1;
      }
    } finally {
      await app.close();
    }
  }
  expect(killed).toBeGreaterThan(1);
  expect(told).toBeLessThan(ROUNDS / 2);
  endWaiting();
  const server = await serveProgram(data);
  try {
    await ask(server, '/settings/archive', {});
    const address = await untilReady(server);
    const answer = await fetch(server.url + address, { headers: { cookie: ann.cookie } });
    expect(answer.status).toBe(200);
    const path = join(root, 'page.zip');
    await Bun.write(path, answer);
    await expectWhole(path);
  } finally {
    await server.stop();
  }
  await expectTidy();
}, 120_000);

async function exportTo(name: string): Promise<void> {
  const to = join(root, name);
  const ended = await runProgramVerb(['export', 'ann', '--to', to, '--data', data]);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  await expectWhole(to);
}

/** Every entry has the bytes that the list of hashes says; all posts and originals are among them. */
async function expectWhole(path: string): Promise<void> {
  const zip = await readZip(path);
  try {
    const sums = (await zip.text(entries.sums)).trim().split('\n');
    expect(sums.length).toBe(zip.names.length - 1);
    for (const line of sums) {
      const [sha256 = '', entry = ''] = line.split('  ');
      expect([entry, Bun.SHA256.hash(await zip.bytes(entry), 'hex')]).toEqual([entry, sha256]);
    }
    expect(await zip.json(entries.archive)).toMatchObject({
      counts: { posts: POSTS, originals: POSTS },
      problems: [],
    });
  } finally {
    await zip.close();
  }
}

/** What was left in the middle goes with the nightly work, and every photo is as it was. */
async function expectTidy(): Promise<void> {
  for (const name of readdirSync(exports)) utimesSync(join(exports, name), 1, 1);
  const swept = await runProgramVerb(['jobs', 'run', 'exports.sweep', '--data', data]);
  expect([swept.code, swept.stderr]).toEqual([0, '']);
  const app = await createTestApp({ data });
  try {
    const named = listExportsOf(app.ctx.db, ann.viewer.id).flatMap(({ file, state }) =>
      file !== null && state === 'done' ? [`${file}.zip`] : [],
    );
    expect(readdirSync(exports).sort()).toEqual(named.sort());
    expect(readdirSync(app.ctx.files.tmp)).toEqual([]);
    await expectInStep(app);
  } finally {
    await app.close();
  }
}

async function ask(server: ProgramServer, path: string, fields: Record<string, string>) {
  const answer = await fetch(server.url + path, {
    ...{ method: 'POST', redirect: 'manual' },
    headers: { cookie: ann.cookie, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ csrf: ann.csrf, ...fields }),
  });
  expect([path, answer.status]).toEqual([path, 303]);
}

async function page(server: ProgramServer): Promise<string> {
  const answer = await fetch(`${server.url}/settings/archive`, { headers: { cookie: ann.cookie } });
  expect(answer.status).toBe(200);
  return await answer.text();
}

/** What was killed waits for its next try, longer each time: that time is over. */
function endWaiting(): void {
  const db = new Database(join(data, 'tintype.db'), { strict: true });
  db.run(`UPDATE jobs SET run_at = 0 WHERE state = 'waiting'`);
  db.close();
}

async function untilReady(server: ProgramServer): Promise<string> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const found = /\/settings\/archive\/\d+\/download/.exec(await page(server));
    if (found) return found[0];
    // Too many tries were killed: it says so, and is asked for once more.
    if ((await page(server)).includes('It could not be made in three tries')) {
      await ask(server, '/settings/archive', {});
    }
    await Bun.sleep(100);
  }
  throw new Error('The archive was never ready.');
}
