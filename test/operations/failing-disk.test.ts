import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestApp, type Person } from '#test/harness/app.ts';
import {
  type EndedVerb,
  type ProgramServer,
  runProgramVerb,
  serveProgram,
} from '#test/harness/program.ts';
import { canMount, makeSmallDisk, type SmallDisk } from '#test/harness/small-disk.ts';
import { photo } from '#test/media/world.ts';
import { expectInStep, expectOneSentence, expectSound, makeData } from './appliance-world.ts';
import { announce, releaseKey } from './update-world.ts';

const needsRoot = test.skipIf(!canMount);
const root = mkdtempSync(join(tmpdir(), 'tintype-failing-'));
const seed = join(root, 'seed');
const archive = join(root, 'ann.zip');
const releases = join(root, 'releases');
let ann: Person;
let picture: Uint8Array<ArrayBuffer>;
const disks: SmallDisk[] = [];

beforeAll(async () => {
  ann = await makeData(join(seed, 'data'), { count: 10, bytes: 300_000 });
  const env = { TINTYPE_BACKUP_TO: join(seed, 'place') };
  for (const args of [
    ['export', 'ann', '--to', archive],
    ['backup', 'create'],
  ]) {
    const ended = await runProgramVerb([...args, '--data', join(seed, 'data')], { env });
    expect([ended.code, ended.stderr]).toEqual([0, '']);
  }
  picture = new Uint8Array(await photo(900, 700));
  mkdirSync(releases);
  await announce(releases, { script: `exit 0\n#${'.'.repeat(3_000_000)}` });
}, 60_000);
afterAll(async () => {
  for (const disk of disks) await disk.close();
  rmSync(root, { recursive: true, force: true });
});

/** A disk with the data and a place of backups on it. */
async function openDisk() {
  const disk = await makeSmallDisk(160);
  disks.push(disk);
  for (const name of ['data', 'place']) {
    cpSync(join(seed, name), join(disk.seen, name), { recursive: true });
  }
  const [data, place] = [join(disk.path, 'data'), join(disk.path, 'place')];
  const env = { TINTYPE_BACKUP_TO: place, TINTYPE_STORAGE_MIN_FREE: '0' };
  const on = { disk, data, place, seen: join(disk.seen, 'data') };
  const verb = (args: string[], before: readonly string[] = []) =>
    runProgramVerb([...args, '--data', data], { env, before: [...disk.inside, ...before] });
  const serve = (before: readonly string[] = []) =>
    serveProgram(data, { env, before: [...disk.inside, ...before] });
  return { ...on, verb, serve };
}

type Opened = Awaited<ReturnType<typeof openDisk>>;

/** What a person would try, each writing to the disk. */
function work({ disk, place }: Opened): Record<string, string[]> {
  const update = ['update', '--from', releases, '--key', releaseKey.publicKey];
  return {
    backup: ['backup', 'create'],
    export: ['export', 'ann', '--to', join(disk.path, 'ann.zip')],
    import: ['import', 'ann', archive],
    restore: ['restore', place, '--dry-run'],
    // The sources are not updated that way.
    ...(process.env.TINTYPE_BINARY === undefined ? {} : { update }),
  };
}

async function upload({ url }: ProgramServer): Promise<{ status: number; error: string }> {
  const body = new FormData();
  body.append('file', new Blob([picture]), 'a.jpg');
  const headers = { authorization: `Bearer ${ann.token}` };
  const answer = await fetch(`${url}/api/v2/media`, { method: 'POST', headers, body });
  const { error = '' } = (await answer.json()) as { error?: string };
  return { status: answer.status, error };
}

/** Pages, lists and pictures are there for everybody. */
async function expectReads({ url }: ProgramServer): Promise<void> {
  const headers = { authorization: `Bearer ${ann.token}` };
  const home = await fetch(`${url}/api/v1/timelines/home`, { headers });
  expect(home.status).toBe(200);
  const [first] = (await home.json()) as { media_attachments: { url: string }[] }[];
  const path = new URL(first?.media_attachments[0]?.url ?? '').pathname;
  expect((await fetch(url + path, { headers })).status).toBe(200);
  expect((await fetch(`${url}/@ann`)).status).toBe(200);
}

function expectGood(name: string, { code, stderr }: EndedVerb): void {
  expect([name, code, stderr]).toEqual([name, 0, '']);
}

/** Once the disk takes something again everything works, and nothing is broken or left over. */
async function expectRecovered(opened: Opened, server: ProgramServer): Promise<void> {
  const { disk, place, verb, seen } = opened;
  expect(await upload(server)).toEqual({ status: 200, error: '' });
  rmSync(join(disk.seen, 'ann.zip'), { force: true });
  const { update: _, ...all } = work(opened);
  for (const [name, args] of Object.entries(all)) expectGood(name, await verb(args));
  expectGood('verify', await verb(['backup', 'verify']));
  expect(await server.stop()).toBe(0);
  expectGood('restore', await verb(['restore', place]));
  // SQLite does not find its way onto a disk of others.
  const copy = mkdtempSync(join(root, 'copy-'));
  cpSync(seen, copy, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  expectSound(join(copy, 'tintype.db'));
  const app = await createTestApp({ data: copy });
  await expectInStep(app);
  await app.close();
}

needsRoot(
  'T66: a disk that is full beside a server: one sentence for each work, reading goes on, and so does the rest once there is room (needs root)',
  async () => {
    const opened = await openDisk();
    const server = await opened.serve();
    opened.disk.fill();
    const refused = await upload(server);
    expect(refused.status).toBe(507);
    expect(refused.error).toContain('almost full');
    for (const [name, args] of Object.entries(work(opened))) {
      expectOneSentence(await opened.verb(args), name);
      await expectReads(server);
    }
    opened.disk.makeRoom();
    await expectRecovered(opened, server);
  },
  60_000,
);

needsRoot(
  'a data directory that became read-only under a server: one sentence for each work, reading goes on (needs root)',
  async () => {
    const opened = await openDisk();
    const server = await opened.serve();
    opened.disk.lock(opened.data);
    const refused = await upload(server);
    expect(refused.status).toBe(503);
    expect(refused.error).toContain('disk of this server fails');
    // Looking at a backup needs no disk.
    const { restore: _, export: out, ...all } = work(opened);
    const more = { export: [...(out ?? []).slice(0, -1), join(root, 'elsewhere.zip')] };
    for (const [name, args] of Object.entries({ ...all, ...more })) {
      expectOneSentence(await opened.verb(args), name);
      await expectReads(server);
    }
    opened.disk.unlock(opened.data);
    await expectRecovered(opened, server);
  },
  60_000,
);

needsRoot(
  'a place of backups that is read-only takes none and gives all (needs root)',
  async () => {
    const opened = await openDisk();
    const { disk, place, verb } = opened;
    const server = await opened.serve();
    disk.lock(place);
    expectOneSentence(await verb(['backup', 'create']));
    expectGood('verify', await verb(['backup', 'verify']));
    expectGood('list', await verb(['backup', 'list']));
    expect(await server.stop()).toBe(0);
    expectGood('restore', await verb(['restore', place]));
    disk.unlock(place);
    await expectRecovered(opened, await opened.serve());
  },
  60_000,
);

needsRoot(
  'a disk that is read-only without a server: every verb says so in one sentence (needs root)',
  async () => {
    const opened = await openDisk();
    opened.disk.lock(opened.disk.path);
    const { restore: _, ...all } = work(opened);
    const more = {
      restore: ['restore', opened.place],
      drill: ['backup', 'drill'],
      serve: ['serve'],
    };
    for (const [name, args] of Object.entries({ ...all, ...more })) {
      expectOneSentence(await opened.verb(args), name);
    }
    opened.disk.unlock(opened.disk.path);
    await expectRecovered(opened, await opened.serve());
  },
  60_000,
);

needsRoot(
  'a limit on the size of files: one sentence for each work, with a server or without, and everything works without the limit (needs root)',
  async () => {
    const opened = await openDisk();
    const limit = (bytes: number) => ['prlimit', `--fsize=${bytes}`, '--core=0'];
    for (const [name, args] of Object.entries(work(opened))) {
      expectOneSentence(await opened.verb(args, limit(100_000)), name);
    }
    const server = await opened.serve(limit(400_000));
    const refused = await upload(server);
    expect(refused.status).toBe(503);
    await expectReads(server);
    await server.stop();
    await expectRecovered(opened, await opened.serve());
  },
  60_000,
);
