import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readUpdateRecord } from '#domain/upkeep/update-record.ts';
import { makeReleaseKey, signRelease } from '#scripts/sign-release.ts';
import { asStranger, builtBinary, type Ended, freePort, stranger } from '#test/harness/binary.ts';

/** The version that a test's newer executable has. */
export const NEXT = '99.0.0';

/** Signs what is announced. */
export const releaseKey = makeReleaseKey();
const key = releaseKey;

/** A server from a file, its data, and a folder where releases are announced. */
export type UpdateWorld = {
  binary: string;
  data: string;
  releases: string;
  url: string;
  /** Starts what lies under the executable's name, and gives back when it answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** The process that was started, whatever it became. */
  pid(): number;
  verb(args: string[], options?: { wrap?: string[]; stdin?: string }): Promise<Ended>;
  /** `tintype update` as a process that can be killed. */
  spawnUpdate(): Bun.Subprocess<'ignore', 'pipe', 'pipe'>;
  update(options?: { wrap?: string[]; key?: string }): Promise<Ended>;
  /** Announces a file as version 99.0.0; a text is a script. */
  announce(file: string | { script: string }, change?: object): Promise<void>;
  post(text: string): Promise<void>;
  texts(): Promise<string[]>;
  /** What answers: its version. */
  version(): Promise<string | null>;
  phase(): string | null;
  /** When the last update began. */
  begun(): number;
  remove(): void;
};

/** Makes a world; with `split` the executable is root's and the data and the server somebody else's. */
export async function createUpdateWorld(options: { split?: boolean } = {}): Promise<UpdateWorld> {
  const split = options.split === true;
  const place = mkdtempSync(join(tmpdir(), 'tintype-update-'));
  chmodSync(place, 0o755);
  const [program, data, releases] = ['program', 'data', 'releases'].map((name) =>
    join(place, name),
  );
  if (!program || !data || !releases) throw new Error('There is no place.');
  for (const folder of [program, data, releases]) mkdirSync(folder, { mode: 0o755 });
  chmodSync(data, 0o700);
  if (split && stranger !== null) chownSync(data, stranger, stranger);
  const binary = join(program, 'tintype');
  copyFileSync(builtBinary(), binary);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const as = (command: string[]) => (split ? asStranger(command) : command);
  let server: Bun.Subprocess | null = null;
  let token = '';
  const verb: UpdateWorld['verb'] = async (args, { wrap = [], stdin = '' } = {}) =>
    await ended([...wrap, binary, ...args, '--data', data], stdin);
  const updateArgs = (publicKey = key.publicKey) => [
    'update',
    '--from',
    releases,
    '--key',
    publicKey,
  ];
  const world: UpdateWorld = {
    ...{ binary, data, releases, url, verb },
    start: async () => {
      server = Bun.spawn(
        as([
          ...[binary, 'serve', '--data', data, '--listen', `127.0.0.1:${port}`],
          ...['--rates', 'off', '--log-level', 'error'],
        ]),
        { env: {}, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
      );
      const child = server;
      await until(async () => {
        if (child.exitCode !== null) throw new Error('The server ended at its start.');
        return (await world.version()) !== null;
      });
      if (token === '') token = await makeOwner(world, as);
    },
    stop: async () => {
      server?.kill('SIGTERM');
      await server?.exited;
    },
    kill9: async () => {
      server?.kill('SIGKILL');
      await server?.exited;
    },
    pid: () => server?.pid ?? 0,
    spawnUpdate: () =>
      Bun.spawn([binary, ...updateArgs(), '--data', data], {
        ...{ env: {}, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
      }),
    update: (how = {}) => verb(updateArgs(how.key), how.wrap ? { wrap: how.wrap } : {}),
    announce: (file, change) => announce(releases, file, change),
    post: async (status) => {
      const answer = await fetch(`${url}/api/v1/statuses`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ status }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    texts: async () => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/api/v1/timelines/home?limit=40`, { headers });
      const posts = (await answer.json()) as { content: string }[];
      return posts.map(({ content }) => content.replace(/<[^>]*>/g, '')).reverse();
    },
    version: async () => {
      const answer = await fetch(`${url}/readyz`).catch(() => null);
      if (answer?.ok !== true) return null;
      return ((await answer.json()) as { version: string }).version;
    },
    phase: () => readUpdateRecord(data).run?.phase ?? null,
    begun: () => readUpdateRecord(data).run?.begunAt ?? 0,
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
  return world;
}

/** Waits for something, at most half a minute. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not come to that.');
    await Bun.sleep(20);
  }
}

async function makeOwner(
  { binary, data }: UpdateWorld,
  as: (command: string[]) => string[],
): Promise<string> {
  const mail = ['--email', 'ann@example.org', '--owner', '--password-stdin', '--data', data];
  const made = await ended(as([binary, 'account', 'create', 'ann', ...mail]), 'a long password\n');
  if (made.code !== 0) throw new Error(made.stderr);
  const scopes = ['--scopes', 'read write', '--data', data];
  return (await ended(as([binary, 'account', 'token', 'ann', ...scopes]), '')).stdout.trim();
}

/** Announces a file as version 99.0.0 in a folder; a text is a script. */
export async function announce(
  releases: string,
  file: string | { script: string },
  change: object = {},
): Promise<void> {
  const path = join(releases, 'tintype-next');
  if (existsSync(path)) rmSync(path);
  if (typeof file === 'string') copyFileSync(file, path);
  else writeFileSync(path, `#!/bin/sh\n${file.script}\n`);
  const sha256 = new Bun.CryptoHasher('sha256').update(await Bun.file(path).bytes()).digest('hex');
  const { bytes, signature } = signRelease(
    {
      ...{ format: 1, product: 'tintype', version: NEXT, from: '0.1.0', notes: 'Better.' },
      date: new Date().toISOString(),
      expires: new Date(Date.now() + 86_400_000).toISOString(),
      files: [
        {
          platform: `linux-${process.arch}`,
          name: 'tintype-next',
          bytes: statSync(path).size,
          sha256,
        },
      ],
      ...change,
    },
    key.secret,
  );
  writeFileSync(join(releases, 'release.json'), bytes);
  writeFileSync(join(releases, 'release.json.sig'), signature);
}

async function ended(command: string[], stdin: string): Promise<Ended> {
  const child = Bun.spawn(command, {
    ...{ env: {}, cwd: '/', stdout: 'pipe', stderr: 'pipe' },
    stdin: new Blob([stdin]),
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}
