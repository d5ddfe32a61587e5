import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { ownCommand } from '#base/platform/own-command.ts';
import { type ProbeInvitation, probeInvitation } from './probe-invitation.ts';

export type ProbeStep = {
  name: 'start' | 'ready' | 'sign-in' | 'timeline' | 'photos';
  ok: boolean;
  /** One sentence for people. */
  detail: string;
  milliseconds: number;
};

export type ProbeReport = {
  ok: boolean;
  /** What answered; null if nothing did. */
  version: string | null;
  schema: number | null;
  steps: ProbeStep[];
};

export type ProbeOptions = {
  /** The program that is started, without a verb (`['/opt/tintype']`); this one if left out. */
  command?: readonly string[];
  /** Milliseconds until it must have started; migrations of the copy count. */
  startTakes?: number;
  /** True if not all photos are in the copy: those that are missing are no fault. */
  somePhotos?: boolean;
  signal?: AbortSignal;
};

const START_TAKES = 10 * 60_000;
const ANSWER_TAKES = 60_000;
const LONGEST_LINE = 1_000_000;
const LONGEST_PAGE = 20_000_000;

/**
 * Starts an executable on a copy of a data directory as a quiet copy (spare loopback port, nothing
 * goes out, no jobs) and looks whether it works: ready, signed in as the owner, timeline, the bytes of
 * some photos. Ends it again. What is wrong is told in the steps; throws only when aborted. The copy
 * is written to: a session is made, migrations run.
 */
export async function probeCopy(dir: string, options: ProbeOptions = {}): Promise<ProbeReport> {
  const steps: ProbeStep[] = [];
  const take = stepTaker(steps);
  const program = options.command ? [...options.command, 'quiet-copy'] : ownCommand('quiet-copy');
  const copy = Bun.spawn(
    [...program, '--data', dir, ...(options.somePhotos ? ['--some-photos'] : [])],
    {
      env: {},
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      ...(options.signal ? { signal: options.signal, killSignal: 'SIGKILL' } : {}),
    },
  );
  const said = readTail(copy.stderr);
  try {
    const invitation = await take('start', async () => {
      const line = await firstLine(copy.stdout, options.startTakes ?? START_TAKES);
      if (line === null) throw new Error((await said).trim() || 'It ended without a word.');
      const read = v.parse(probeInvitation, JSON.parse(line));
      return { value: read, detail: `Version ${read.version}, schema ${read.schema}.` };
    });
    if (invitation !== null) await look(invitation, take);
    options.signal?.throwIfAborted();
    const ok = steps.every((step) => step.ok);
    const { version = null, schema = null } = invitation ?? {};
    return { ok, version, schema, steps };
  } finally {
    await end(copy);
  }
}

type Done<T> = { value: T; detail: string };
type Take = <T>(name: ProbeStep['name'], work: () => Promise<Done<T>>) => Promise<T | null>;

function stepTaker(steps: ProbeStep[]): Take {
  return async (name, work) => {
    const begun = performance.now();
    const note = (ok: boolean, detail: string) => {
      steps.push({ name, ok, detail, milliseconds: Math.round(performance.now() - begun) });
    };
    try {
      const { value, detail } = await work();
      note(true, detail);
      return value;
    } catch (error) {
      note(false, error instanceof Error ? error.message : String(error));
      return null;
    }
  };
}

async function look({ url, owner, files }: ProbeInvitation, take: Take): Promise<void> {
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const signal = AbortSignal.timeout(ANSWER_TAKES);
    const answer = await fetch(url + path, { headers, signal, redirect: 'manual' });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}.`);
    return answer;
  };
  await take('ready', async () => {
    const health = (await (await ask('/readyz')).json()) as { status?: unknown };
    return { value: null, detail: `It says that it is ${health.status}.` };
  });
  if (owner === null) return;
  await take('sign-in', async () => {
    const page = await readText(await ask('/', { cookie: owner.cookie }));
    if (!page.includes(`/@${owner.username}`)) {
      throw new Error(`The home page does not know @${owner.username}.`);
    }
    return { value: null, detail: `@${owner.username} is signed in and sees the home page.` };
  });
  await take('timeline', async () => {
    const headers = { authorization: `Bearer ${owner.token}` };
    const posts: unknown = await (await ask('/api/v1/timelines/home', headers)).json();
    if (!Array.isArray(posts)) throw new Error('The home timeline is no list.');
    return {
      value: null,
      detail: `The home timeline has ${posts.length} posts on its first page.`,
    };
  });
  await take('photos', async () => {
    for (const file of files) await compare(file, await ask(file.path, { cookie: owner.cookie }));
    return { value: null, detail: `${files.length} files came out byte for byte.` };
  });
}

async function compare(
  { path, bytes, sha256 }: ProbeInvitation['files'][number],
  answer: Response,
): Promise<void> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const chunk of answer.body ?? []) {
    hash.update(chunk);
    count += chunk.length;
    if (count > bytes) break;
  }
  if (count !== bytes) throw new Error(`${path} has ${count} bytes and should have ${bytes}.`);
  if (hash.digest('hex') !== sha256) throw new Error(`${path} came out with other bytes.`);
}

async function readText(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_PAGE) throw new Error('The page does not end.');
  }
  return text;
}

/** The first line that a process writes; null if it ends before that, or takes too long. */
async function firstLine(
  stream: ReadableStream<Uint8Array>,
  milliseconds: number,
): Promise<string | null> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), milliseconds).unref();
  });
  let text = '';
  while (!text.includes('\n')) {
    const piece = await Promise.race([reader.read(), late]);
    if (piece === null) throw new Error('It did not start in time.');
    if (piece.done || text.length > LONGEST_LINE) return null;
    text += decoder.decode(piece.value, { stream: true });
  }
  return text.slice(0, text.indexOf('\n'));
}

const TAIL = 2000;

async function readTail(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) {
    text = (text + decoder.decode(chunk, { stream: true })).slice(-TAIL);
  }
  return text;
}

const FAREWELL = 15_000;

async function end(copy: Bun.Subprocess<'pipe', 'pipe', 'pipe'>): Promise<void> {
  // It ends with its standard input; what hangs is not waited for.
  await copy.stdin.end();
  const timer = setTimeout(() => copy.kill('SIGKILL'), FAREWELL);
  await copy.exited;
  clearTimeout(timer);
}
