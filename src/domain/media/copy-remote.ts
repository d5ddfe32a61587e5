import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { perValue } from '#base/core/per-value.ts';
import { randomName } from '#base/core/secrets.ts';
import { createSingleFlight } from '#base/core/single-flight.ts';
import { transaction } from '#base/db/transaction.ts';
import { FetchError } from '#base/platform/fetch.ts';
import type { OutputSpec, RenderResult } from '#base/platform/images/contract.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { originOf } from '#domain/origin.ts';
import { policyOf, ruleOf } from '#domain/policy/read-policy.ts';
import { checkDisk } from '#domain/storage/quota.ts';
import {
  type CachedFile,
  type CachedRow,
  completeRemotePhoto,
  deleteCachedOf,
  deleteCacheFailure,
  findCacheFailure,
  insertCached,
  saveCacheFailure,
} from './cache-queries.ts';
import { countCached, makeRoom, removeFiles } from './cache-room.ts';
import { isResting, noteHost, takeCopyTurn } from './copy-turns.ts';
import type { RemoteMediaKind, RemoteMediaVariant } from './remote-address.ts';

/** A picture of another server: what it is, whose (the domain of their handle), and where it lies. */
export type RemotePicture = { kind: RemoteMediaKind; id: number; domain: string; url: string };

const MAX_BYTES = 25_000_000;
const MAX_PIXELS = 25_000_000;
const MAX_FRAMES = 200;
const DEADLINE = 60_000;
const REDIRECTS = 3;
const MINUTE = 60_000;
const LONGEST_REST = 7 * 24 * 60 * MINUTE;

/** Longest sides in pixels. */
const SIZES: Record<RemoteMediaKind, Record<RemoteMediaVariant, number>> = {
  photo: { small: 480, large: 2048 },
  avatar: { small: 160, large: 400 },
  header: { small: 480, large: 1500 },
};

const flights = perValue((_ctx: Context) => createSingleFlight<boolean>());

/**
 * Copies a picture of another server into the cache, in both sizes, without anything that was written
 * beside its pixels. Who asks while that happens shares the work. False if it cannot be had for now:
 * what fails rests, longer each time. Throws `unavailable` when there is no room or too much to do.
 */
export function copyRemote(ctx: Context, picture: RemotePicture): Promise<boolean> {
  return flights(ctx)(`${picture.kind}/${picture.id}`, async () => {
    const failure = findCacheFailure(ctx.db, picture);
    if (failure !== null && failure.retryAt > ctx.now()) return false;
    const host = URL.parse(picture.url)?.host ?? '';
    if (isResting(ctx, host)) throw busy();
    const turn = takeCopyTurn(ctx, host, () => copy(ctx, picture));
    if (turn === null) throw busy();
    return await turn;
  });
}

async function copy(ctx: Context, picture: RemotePicture): Promise<boolean> {
  const source = ctx.files.tempPath();
  const specs = (['small', 'large'] as const).map(
    (variant): OutputSpec & { name: RemoteMediaVariant } => ({
      name: variant,
      path: ctx.files.tempPath(),
      fit: SIZES[picture.kind][variant],
      encode: 'webp',
      quality: variant === 'small' ? 76 : 82,
    }),
  );
  try {
    checkDisk(ctx, 2 * MAX_BYTES);
    await Bun.write(source, await download(ctx, picture), { mode: 0o600 });
    noteHost(ctx, new URL(picture.url).host, false);
    const result = await ctx.images.run({
      kind: 'render',
      source,
      limits: { maxPixels: MAX_PIXELS, maxFrames: MAX_FRAMES },
      edits: null,
      outputs: specs,
    });
    if (result.kind !== 'render') throw new TypeError('The image worker answered another task.');
    await keep(ctx, picture, result);
    return true;
  } catch (error) {
    noteFailure(ctx, picture, error);
    return false;
  } finally {
    await Promise.allSettled([source, ...specs.map(({ path }) => path)].map(removeTemp));
  }
}

/**
 * The bytes as they came: what they are is told by the image worker from their first ones (T62). Whom
 * this server speaks with says the domain of the person; pictures lie on hosts of all names, so of
 * theirs only a rule that blocks them counts.
 */
async function download(
  ctx: Context,
  { domain, url: address }: RemotePicture,
): Promise<Uint8Array<ArrayBuffer>> {
  const own = new URL(originOf(ctx.config)).host;
  const isUnwelcome = policyOf(ctx, domain) === 'blocked';
  const answer = await ctx.fetch({
    url: address,
    headers: (url) => {
      if (isUnwelcome || url.host === own || ruleOf(ctx.db, url.host) === 'block') {
        throw new FetchError('refused_address', `No picture is fetched from ${url.host}.`);
      }
      return { accept: 'image/webp, image/png, image/jpeg, image/gif, image/*;q=0.8' };
    },
    maxBytes: MAX_BYTES,
    deadline: DEADLINE,
    redirects: REDIRECTS,
  });
  if (answer.status === 200) return answer.body;
  const gone = answer.status === 404 || answer.status === 410;
  throw new FetchError(gone ? 'wrong_type' : 'unreachable', `It answered ${answer.status}.`);
}

/** Files first, then their rows, in one commit: after a crash a file without a row is swept. */
async function keep(ctx: Context, picture: RemotePicture, result: RenderResult): Promise<void> {
  const now = ctx.now();
  const files = result.outputs.map((output) => ({
    path: output.path,
    row: {
      name: `${randomName()}.webp`,
      kind: picture.kind,
      subjectId: picture.id,
      variant: output.name as RemoteMediaVariant,
      sourceUrl: picture.url,
      mime: output.mime,
      bytes: output.bytes,
      width: output.width,
      height: output.height,
      fetchedAt: now,
      usedAt: now,
    } satisfies CachedRow,
  }));
  const bytes = files.reduce((sum, { row }) => sum + row.bytes, 0);
  await makeRoom(ctx, bytes);
  try {
    for (const { path, row } of files) await ctx.files.putCached(path, row.name);
    const rows = files.map(({ row }) => row);
    await removeFiles(ctx, store(ctx, picture, rows, result));
  } catch (error) {
    countCached(ctx.db, -bytes);
    throw error;
  }
}

function store(
  ctx: Context,
  picture: RemotePicture,
  rows: readonly CachedRow[],
  { width, height, blurhash }: RenderResult,
): CachedFile[] {
  return transaction(ctx.db, () => {
    const replaced = deleteCachedOf(ctx.db, picture);
    for (const row of rows) insertCached(ctx.db, row);
    deleteCacheFailure(ctx.db, picture);
    if (picture.kind === 'photo') {
      completeRemotePhoto(ctx.db, { id: picture.id, width, height, blurhash });
    }
    return replaced;
  });
}

function noteFailure(ctx: Context, { kind, id, url }: RemotePicture, error: unknown): void {
  // Our own trouble is not the picture's: a full disk, a worker that is stopping.
  if (error instanceof AppError) throw error;
  if (error instanceof ImageRefused && error.refusal === 'worker_failed') throw busy(error);
  if (!(error instanceof ImageRefused || error instanceof FetchError)) throw error;
  if (error instanceof FetchError && error.failure === 'too_many') throw busy(error);
  const hung = error instanceof FetchError && error.failure === 'timeout';
  noteHost(ctx, URL.parse(url)?.host ?? '', hung);
  const attempts = (findCacheFailure(ctx.db, { kind, id })?.attempts ?? 0) + 1;
  const later = error instanceof FetchError && isPassing(error);
  const rest = Math.min(LONGEST_REST, (later ? 5 : 24 * 60) * MINUTE * 4 ** (attempts - 1));
  saveCacheFailure(ctx.db, { kind, id, attempts, retryAt: ctx.now() + rest });
  ctx.log.debug('A picture of another server could not be copied.', { url, why: error.message });
}

function isPassing({ failure }: FetchError): boolean {
  return failure === 'unreachable' || failure === 'timeout' || failure === 'no_such_host';
}

function busy(cause?: unknown): AppError {
  return new AppError('unavailable', 'The picture cannot be fetched just now.', {
    cause,
    retryAfter: 30,
  });
}

async function removeTemp(path: string): Promise<void> {
  await rm(path, { force: true });
}
