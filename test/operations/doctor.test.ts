import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import {
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { runCommand } from '#app/admin/run-command.ts';
import { openForReading } from '#base/db/open-for-reading.ts';
import { createFetch } from '#base/platform/fetch/create-fetch.ts';
import { examine } from '#domain/upkeep/doctor/examine.ts';
import { findMount } from '#domain/upkeep/doctor/find-mount.ts';
import type { Finding } from '#domain/upkeep/doctor/finding.ts';
import type { Patient, ServerFacts } from '#domain/upkeep/doctor/patient.ts';
import { readQueues } from '#doors/federation/read-queues.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { runSourceVerb } from '#test/harness/source-server.ts';
import { tempDir } from '#test/harness/temp-dir.ts';
import { openTlsFront } from '#test/harness/tls.ts';
import { publishPhoto } from '#test/http/walk.ts';
import { imagesHere } from '#test/media/images-here.ts';

setDefaultTimeout(60_000);

const HOUR = 3_600_000;
const MACHINE: Record<string, string> = {
  '/proc/mounts': '/dev/sda1 / ext4 rw,relatime 0 0\n',
  '/proc/meminfo': 'MemTotal: 4000000 kB\nMemAvailable: 2000000 kB\n',
};

let app: FederatedApp;
let facts: ServerFacts;
let blob = '';
const stored = () => join(app.ctx.files.root, 'media', 'local', blob.slice(0, 2), blob);

beforeAll(async () => {
  app = await createFederatedApp({ address: '127.0.0.2', images: imagesHere() });
  const ada = await app.person('ada', 'owner');
  await publishPhoto(app, ada, 'public');
  blob = app.ctx.db.query<{ name: string }, []>('SELECT name FROM blobs').get()?.name ?? '';
  const now = app.ctx.now();
  for (const kind of ['create', 'verify', 'drill']) {
    app.ctx.db.run(
      `INSERT INTO backup_runs (id, kind, place, started_at, finished_at, outcome)
       VALUES (?, ?, 'directory', ?, ?, 'done')`,
      [app.ctx.newId(), kind, now - HOUR, now - HOUR],
    );
  }
  // The program sets its umask; a test has that of its shell.
  for (const end of ['-wal', '-shm']) chmodSync(`${app.ctx.files.database}${end}`, 0o600);
  const { hostname: host, port } = new URL(app.origin);
  const looked = (await runCommand(app.app, 'doctor.look', {})) as ServerFacts;
  // The harness has a socket of its own.
  facts = { ...looked, host, port: Number(port) };
});
afterAll(() => app.close());

/** The box as it is: everything that can be well is well. */
function patient(over: Partial<Patient> = {}): Patient {
  return {
    config: {
      ...app.ctx.config,
      rates: true,
      mail: { url: 'smtp://127.0.0.1', from: 'a@example.org' },
      backup: { to: [{ kind: 'bucket', bucket: 'safe', folder: '' }], passphrase: 'x'.repeat(12) },
    },
    db: app.ctx.db,
    dbProblem: null,
    server: facts,
    letters: readQueues(app.ctx),
    fetch: createFetch({ allowAddresses: ['127.0.0.0/8'], userAgent: 'test', now: Date.now }),
    resolve: async () => ['127.0.0.1'],
    now: app.ctx.now,
    deep: false,
    readText: (path) => MACHINE[path] ?? null,
    ...over,
  };
}

async function findings(over: Partial<Patient> = {}): Promise<Finding[]> {
  return (await examine(patient(over))).filter((each) => each.level !== 'ok');
}

const machine = (over: Record<string, string>) => ({
  readText: (path: string) => ({ ...MACHINE, ...over })[path] ?? null,
});
const withConfig = (over: Partial<Patient['config']>) => ({
  config: { ...patient().config, ...over },
});

test('a healthy box has nothing that is wrong, and every part of it was looked at', async () => {
  const all = await examine(patient());
  // The network of a test is a closed one.
  const odd = all.filter((each) => each.level !== 'ok');
  expect(odd.map((each) => each.id)).toEqual(['settings.addresses']);
  const areas = new Set(all.map((each) => each.id.split('.')[0]));
  for (const area of 'settings data disk clock memory machine database media jobs backup port address version'.split(
    ' ',
  )) {
    expect(areas).toContain(area);
  }
  expect(all.find((each) => each.id === 'address.webfinger')?.text).toContain('@ada@127.0.0.2');
});

describe('what is broken is named, with what to do', () => {
  let undo = () => {};
  afterEach(() => {
    undo();
    undo = () => {};
  });

  async function expectFinding(over: Partial<Patient>, id: string, level: 'warn' | 'fail') {
    const all = await findings(over);
    const found = all.find((each) => each.id === id);
    expect(found, JSON.stringify(all)).toMatchObject({ id, level });
    expect(found?.text).toMatch(/[.…:]/);
    expect((found?.advice ?? '').length).toBeGreaterThan(10);
    return found;
  }

  test('files that others can read', async () => {
    chmodSync(app.ctx.files.database, 0o644);
    undo = () => chmodSync(app.ctx.files.database, 0o600);
    await expectFinding({}, 'data.rights', 'warn');
  });

  test('a photo whose file is gone, has other bytes, or belongs to nobody', async () => {
    const path = stored();
    const bytes = readFileSync(path);
    undo = () => writeFileSync(path, bytes);
    rmSync(path);
    expect((await expectFinding({}, 'media.missing', 'fail'))?.text).toContain(blob);
    writeFileSync(path, Buffer.from(bytes).fill(7, 0, 20));
    expect((await findings()).map((each) => each.id)).not.toContain('media.changed');
    await expectFinding({ deep: true }, 'media.changed', 'fail');
    const stray = join(app.ctx.files.root, 'media/local', 'aa', `${'a'.repeat(26)}.jpg`);
    cpSync(path, stray, { recursive: true });
    await expectFinding({}, 'media.orphans', 'warn');
    rmSync(stray);
  });

  test('what unfinished uploads left, and meters that count wrong', async () => {
    const old = join(app.ctx.files.tmp, 'left');
    writeFileSync(old, 'x');
    utimesSync(old, new Date(0), new Date(0));
    await expectFinding({}, 'data.temp', 'warn');
    rmSync(old);
    app.ctx.db.run('UPDATE usage SET original_bytes = original_bytes + 5');
    await expectFinding({}, 'media.meters', 'warn');
    app.ctx.db.run('UPDATE usage SET original_bytes = original_bytes - 5');
  });

  test('a damaged database, one of another program, one of a newer version, none at all', async () => {
    const place = join(tempDir(), 'tintype.db');
    const copy = (change: (path: string) => void) => {
      rmSync(place, { force: true });
      app.ctx.db.query('VACUUM INTO ?').run(place);
      change(place);
      try {
        return { db: openForReading(place) };
      } catch (error) {
        return { db: null, dbProblem: String(error) };
      }
    };
    const flip = (path: string) => {
      const bytes = readFileSync(path);
      for (let at = 8192; at < bytes.length; at += 4096) bytes.fill(0x5a, at, at + 200);
      writeFileSync(path, bytes);
    };
    const damaged = await findings(copy(flip));
    const told = damaged.find((each) => each.level === 'fail' && /^database/.test(each.id));
    expect(told?.advice).toContain('tintype restore');
    expect(damaged.map((each) => each.id)).not.toContain('machine.look');
    const number = (at: number, value: number) => (path: string) => {
      const bytes = readFileSync(path);
      bytes.writeUInt32BE(value, at);
      writeFileSync(path, bytes);
    };
    // Offsets of application_id and user_version (sqlite.org/fileformat2.html §1.3).
    await expectFinding(copy(number(68, 1)), 'database.open', 'fail');
    await expectFinding(copy(number(60, 900)), 'database.schema', 'fail');
    const text = (path: string) => writeFileSync(path, 'no database at all'.repeat(500));
    await expectFinding(copy(text), 'database.open', 'fail');
    await expectFinding({ db: null, dbProblem: 'it is not there.' }, 'database.open', 'fail');
    // A file that ends too early.
    const short = await findings(copy((path) => truncateSync(path, 20_000)));
    expect(short.some((each) => each.level === 'fail')).toBe(true);
  });

  test('T127: a clock that stands before the build, or behind what was written', async () => {
    await expectFinding({ now: () => 0 }, 'clock', 'fail');
    await expectFinding({ now: () => app.ctx.now() - 90 * 24 * HOUR }, 'clock', 'fail');
  });

  test('a network file system, an SD card, memory, a read-only disk', async () => {
    const mount = (line: string) => machine({ '/proc/mounts': `${line}\n` });
    await expectFinding(mount('nas:/photos / nfs4 rw 0 0'), 'disk.medium', 'fail');
    await expectFinding(mount('/dev/mmcblk0p2 / ext4 rw 0 0'), 'disk.medium', 'warn');
    await expectFinding(mount('tmpfs / tmpfs rw 0 0'), 'disk.medium', 'fail');
    await expectFinding(mount('/dev/sda1 / ext4 ro,relatime 0 0'), 'disk.medium', 'fail');
    await expectFinding(mount('/dev/sdb1 / exfat rw 0 0'), 'disk.medium', 'fail');
  });

  test('little memory, and few files that may be open', async () => {
    const info = 'MemTotal: 900000 kB\nMemAvailable: 90000 kB\n';
    await expectFinding(machine({ '/proc/meminfo': info }), 'memory', 'warn');
    const capped = machine({ '/sys/fs/cgroup/memory.max': '200000000\n' });
    await expectFinding(capped, 'memory', 'warn');
    const limits = 'Max open files            1024                 4096    files\n';
    const over = machine({ [`/proc/${facts.pid}/limits`]: limits });
    await expectFinding(over, 'machine.files', 'warn');
  });

  test('work that was given up, and work that is late', async () => {
    const { db } = app.ctx;
    const at = app.ctx.now() - 3 * HOUR;
    const insert = (state: string) =>
      db.run(
        `INSERT INTO jobs (id, kind, payload, state, run_at, created_at) VALUES (?, 'x', '{}', ?, ?, ?)`,
        [app.ctx.newId(), state, at, at],
      );
    undo = () => db.run(`DELETE FROM jobs WHERE kind = 'x'`);
    insert('dead');
    await expectFinding({}, 'jobs.dead', 'warn');
    insert('waiting');
    await expectFinding({}, 'jobs.late', 'fail');
    // While nothing runs nothing can be late.
    const ids = (await findings({ server: null })).map((each) => each.id);
    expect(ids).not.toContain('jobs.late');
  });

  test('servers that cannot be reached', async () => {
    const host = (n: number) => ({
      host: `h${n}.example`,
      waiting: 2,
      failingSince: 1,
      retryAt: null,
    });
    const letters = { ...readQueues(app.ctx), worst: [1, 2, 3, 4, 5].map(host) };
    await expectFinding({ letters }, 'deliveries.hosts', 'warn');
  });

  test('backups that are old, failed, or lie beside the data', async () => {
    const later = { now: () => app.ctx.now() + 10 * 24 * HOUR };
    await expectFinding(later, 'backup.age', 'fail');
    const beside = withConfig({ backup: { to: [], passphrase: null } });
    await expectFinding(beside, 'backup.place', 'warn');
    const { db } = app.ctx;
    db.run(
      `INSERT INTO backup_runs (id, kind, place, started_at, finished_at, outcome, detail)
       VALUES (?, 'drill', 'directory', 1, 2, 'failed', 'The sign-in failed.')`,
      [app.ctx.newId()],
    );
    undo = () => db.run(`DELETE FROM backup_runs WHERE outcome = 'failed'`);
    expect((await expectFinding({}, 'backup.drill', 'fail'))?.text).toContain('sign-in failed');
  });

  test('settings that stand in each other’s way', async () => {
    const behind = withConfig({ origin: 'https://127.0.0.2', trustedProxies: [] });
    await expectFinding(behind, 'settings.proxies', 'warn');
    await expectFinding(withConfig({ trustedProxies: ['0.0.0.0/0'] }), 'settings.proxies', 'warn');
    await expectFinding(withConfig({ rates: false }), 'settings.rates', 'warn');
    await expectFinding(withConfig({ mail: null }), 'settings.mail', 'warn');
  });

  test('a name that leads nowhere, and a port that does not answer or is taken', async () => {
    await expectFinding({ resolve: async () => [] }, 'address.name', 'fail');
    const server = { ...facts, port: 1 };
    await expectFinding({ server }, 'port', 'fail');
    const { port } = new URL(app.origin);
    const taken = withConfig({ listen: { host: '127.0.0.2', port: Number(port) } });
    await expectFinding({ ...taken, server: null }, 'port', 'fail');
  });

  test('an address where somebody else answers', async () => {
    const other = createServer((_, answer) => answer.end('hello'));
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    undo = () => other.close();
    const over = withConfig({ origin: `http://127.0.0.1:${port}` });
    await expectFinding(over, 'address.outside', 'fail');
  });

  test('a certificate that browsers refuse', async () => {
    const front = await openTlsFront(Number(new URL(app.origin).port));
    try {
      const origin = `https://127.0.0.1:${front.port}`;
      const over = withConfig({ origin, trustedProxies: ['127.0.0.1'] });
      await expectFinding(over, 'address.certificate', 'fail');
    } finally {
      await front.close();
    }
  });

  test('a directory that is not there hides nothing else', async () => {
    const over = withConfig({ data: '/nowhere/at/all' });
    await expectFinding(over, 'data.directory', 'fail');
    expect((await examine(patient(over))).some((each) => each.id === 'clock')).toBe(true);
    expect(existsSync('/nowhere')).toBe(false);
  });
});

test('the longest path of the mounts counts, and the last of the same', () => {
  const mounts = [
    '/dev/sda1 / ext4 rw 0 0',
    '/dev/sdb1 /srv ext4 rw 0 0',
    'nas:/x /srv/my\\040photos nfs4 rw 0 0',
    'other /srv/my\\040photos cifs rw 0 0',
  ].join('\n');
  expect(findMount(mounts, '/srv/my photos/data')?.type).toBe('cifs');
  expect(findMount(mounts, '/srv/my photosalbum')?.device).toBe('/dev/sdb1');
  expect(findMount(mounts, '/home/x')?.path).toBe('/');
  expect(findMount('', '/home')).toBeNull();
});

test('tintype doctor mends what is safe, says it, and its exit code tells', async () => {
  const data = join(tempDir(), 'data');
  const nothing = await runSourceVerb(['doctor', '--json', '--data', data]);
  expect(nothing.code).toBe(1);
  expect(JSON.parse(nothing.stdout)).toMatchObject({ format: 1, server: 'stopped' });
  await runSourceVerb(
    [
      'account',
      'create',
      'ada',
      '--email',
      'a@b.org',
      '--owner',
      '--password-stdin',
      '--data',
      data,
    ],
    { stdin: 'a long password for tests\n' },
  );
  chmodSync(join(data, 'tintype.db'), 0o666);
  const old = join(data, 'tmp', 'left');
  writeFileSync(old, 'x');
  utimesSync(old, new Date(0), new Date(0));
  const { stdout, code } = await runSourceVerb(['doctor', '--fix', '--json', '--data', data]);
  const answer = JSON.parse(stdout);
  expect(answer.fixed.map((each: { fix: string }) => each.fix).sort()).toEqual(['rights', 'temp']);
  expect(code).toBe(answer.summary.fail > 0 ? 1 : 0);
  const after = JSON.parse((await runSourceVerb(['doctor', '--json', '--data', data])).stdout);
  const ids = after.findings
    .filter((each: Finding) => each.level !== 'ok')
    .map((each: Finding) => each.id);
  expect(ids).not.toContain('data.rights');
  expect(ids).not.toContain('data.temp');
  expect(after.fixed).toEqual([]);
});
