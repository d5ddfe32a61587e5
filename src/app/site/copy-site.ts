import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { openDoors } from '#app/doors.ts';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { findLocalAccounts } from '#domain/accounts/queries.ts';
import { originOf } from '#domain/origin.ts';
import { isClosed, listProfileIds } from '#domain/posts/reading.ts';
import { readSetting } from '#domain/settings.ts';
import { type SitePlace, sitePlace } from './site-paths.ts';
import { stillPage } from './still-page.ts';

export type SiteCopy = { path: string; pages: number; files: number; bytes: number };

type Work = {
  ctx: Context;
  folder: string;
  note: string;
  ask(address: string): Promise<Response>;
  /** What waits, and every place that was ever put there. */
  waiting: SitePlace[];
  known: Set<string>;
  done: { pages: number; files: number; bytes: number };
};

const POSTS_AT_ONCE = 100;

/**
 * Writes all that a stranger sees of this server as plain files, for any web server or a stick: every
 * public post with its photos, people, tags, feeds. It looks at the pages as a stranger does, so
 * nothing gets out that was not open before. `to` must be a folder that is not there yet, or empty.
 * Throws `conflict` for a closed server, where strangers see nothing.
 */
export async function copySite(
  ctx: Context,
  to: string,
  options: { signal?: AbortSignal; told?: (done: SiteCopy) => void } = {},
): Promise<SiteCopy> {
  const path = resolve(to);
  if (isClosed(ctx)) {
    throw new AppError(
      'conflict',
      'Nothing here is open to strangers, so there is nothing to copy; archives hold what is private.',
    );
  }
  if (existsSync(path) && readdirSync(path).length > 0) {
    throw new AppError('conflict', `The folder ${path} is not empty; name another one.`);
  }
  const work = await startWork(ctx, `${path}.part`);
  for (const place of seeds(ctx)) enlist(work, place);
  for (let at = 0; work.waiting.length > 0; at += 1) {
    options.signal?.throwIfAborted();
    const place = work.waiting.pop();
    if (place !== undefined) await copyPlace(work, place);
    // People who look at the server meanwhile come first.
    await Bun.sleep(0);
    if (at % 50 === 0) options.told?.({ path, ...work.done });
  }
  await Bun.write(join(work.folder, 'README.txt'), readme(ctx, work));
  await rm(path, { recursive: true, force: true });
  await rename(work.folder, path);
  return { path, ...work.done };
}

async function startWork(ctx: Context, folder: string): Promise<Work> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Doors of our own: the limits are for people from outside.
  const door = openDoors({ ...ctx, config: { ...ctx.config, rates: false } });
  const origin = originOf(ctx.config);
  const day = new Date(ctx.now()).toLocaleDateString('en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  });
  const name = readSetting(ctx, 'instance.name');
  return {
    ctx,
    folder,
    note: `A copy of ${name}, made on ${day}.`,
    ask: (address) => door.handle(new Request(`${origin}${address}`)),
    waiting: [],
    known: new Set(),
    done: { pages: 0, files: 0, bytes: 0 },
  };
}

/** Where the walk begins: what no link may lead to is named, the rest is found. */
function* seeds(ctx: Context): Generator<string> {
  yield '/';
  yield '/about';
  for (const { id, username } of findLocalAccounts(ctx.db)) {
    yield `/@${username}`;
    yield `/@${username}.atom`;
    let maxId: number | null = null;
    for (;;) {
      const page = { maxId, minId: null, sinceId: null, limit: POSTS_AT_ONCE };
      const ids = listProfileIds(ctx, null, id, page, { withComments: true });
      for (const postId of ids) yield `/@${username}/${postId}`;
      maxId = ids.at(-1) ?? null;
      if (maxId === null) break;
    }
  }
}

function enlist(work: Work, address: string | SitePlace): void {
  const origin = originOf(work.ctx.config);
  const place = typeof address === 'string' ? sitePlace(address, origin) : address;
  if (place === null || work.known.has(place.file)) return;
  work.known.add(place.file);
  work.waiting.push(place);
}

async function copyPlace(work: Work, place: SitePlace): Promise<void> {
  const answer = await work.ask(place.address);
  // Gone meanwhile, or never open: a link that leads to nothing is the worst that comes of it.
  if (answer.status !== 200) return;
  const target = join(work.folder, place.file);
  await mkdir(dirname(target), { recursive: true });
  if (place.kind !== 'page') {
    work.done.bytes += await Bun.write(target, await answer.blob());
    work.done.files += 1;
    return;
  }
  const origin = originOf(work.ctx.config);
  const page = await stillPage(answer, { file: place.file, origin, note: work.note });
  work.done.bytes += await Bun.write(target, page.html);
  work.done.pages += 1;
  for (const found of page.places) enlist(work, found);
}

function readme(ctx: Context, { note, done }: Work): string {
  return [
    note,
    `It came from ${originOf(ctx.config)} and holds what was open to everybody there:`,
    `${done.pages} pages and ${done.files} files.`,
    '',
    'Open index.html, or put the whole folder on any web server. Served at the old address,',
    'old links to people and posts lead to the same things as before.',
    '',
  ].join('\n');
}
