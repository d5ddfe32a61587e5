import { createReadStream, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Config } from '#base/config/config.ts';
import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { AppError } from '#base/core/errors.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { viewerParams } from '#domain/posts/reading.ts';
import { idsOf } from '#doors/federation/documents/ids.ts';
import { ARCHIVE_FORMAT, type Archive, entries } from './format.ts';
import { openReadOnly } from './out-context.ts';
import { openGallery } from './out-gallery.ts';
import { outKept, outMessages } from './out-kept.ts';
import { openOutbox } from './out-outbox.ts';
import { outPeople } from './out-people.ts';
import { fetchedPath, fetchPlaced } from './out-placed.ts';
import { outPosts } from './out-posts.ts';
import { outProfile, outWaiting } from './out-profile.ts';
import { readmeText } from './out-readme.ts';
import { outReceived } from './out-received.ts';
import { openScratch, type Scratch } from './out-scratch.ts';
import { MEDIA_WORK, type MediaWork, type Out, type TextWork } from './out-types.ts';
import { createZip, type ZipWriter } from './zip-writer.ts';

/** What a child is told to write. */
export type ArchiveOrder = {
  config: Config;
  accountId: number;
  renditions: boolean;
  /** The finished file; nothing may be there. */
  to: string;
  /** A folder for what lies around meanwhile, on the disk of the photos; emptied first. */
  scratch: string;
};

export type ArchiveProgress = { done: number; total: number };
export type WrittenArchive = {
  bytes: number;
  counts: Archive['counts'];
  problems: Archive['problems'];
};

/**
 * Writes the archive of one person. First every text in one look at the database, while links keep
 * the bytes of all photos as they are at that moment; then, without the database, all of it into the
 * ZIP. So what is deleted meanwhile is in whole or not at all, and no write-ahead log waits for us.
 */
export async function writeArchive(
  order: ArchiveOrder,
  report: (progress: ArchiveProgress) => void,
  signal?: AbortSignal,
): Promise<WrittenArchive> {
  const scratch = openScratch(order.scratch);
  try {
    const { out, texts, program } = collect(order, scratch);
    const zip = createZip(order.to, scratch.path(' directory'), signal);
    try {
      return await pack(out, zip, { texts, program, order, report });
    } catch (error) {
      zip.abort();
      throw error;
    }
  } finally {
    scratch.remove();
  }
}

/** Reading failed, not writing. */
const UNREADABLE = new Set(['ENOENT', 'EACCES', 'EIO']);

type Parts = { entry: string; path: string }[];

/** Everything that the database knows, in one snapshot. */
function collect(
  order: ArchiveOrder,
  scratch: Scratch,
): { out: Out; texts: Parts; program: Parts } {
  const ctx = openReadOnly(order.config);
  ctx.db.run('BEGIN');
  try {
    const out = openOut(ctx, order, scratch);
    outProfile(out);
    const gallery = openGallery(out);
    const outbox = openOutbox(out);
    outPosts(out, (taken) => {
      outbox.addPosts(taken);
      gallery.add(taken, outReceived(out, taken));
    });
    // Begun in any case: a reader finds each file, even if there is nothing in it.
    for (const entry of [entries.posts, entries.comments, entries.reactions, MEDIA_WORK]) {
      scratch.text(entry);
    }
    outKept(out, outbox);
    outbox.end();
    outMessages(out);
    outWaiting(out);
    outPeople(out);
    const program = gallery.end();
    return { out, texts: scratch.close(), program };
  } finally {
    ctx.db.run('ROLLBACK');
    ctx.close();
  }
}

function openOut(ctx: Context, order: ArchiveOrder, scratch: Scratch): Out {
  const account = findAccount(ctx.db, order.accountId);
  if (account?.domain !== null) throw new AppError('not_found', 'There is no such account here.');
  const viewer = viewerParams(ctx, { id: account.id });
  const counts = {
    posts: 0,
    photos: 0,
    originals: 0,
    originalBytes: 0,
    comments: 0,
    messages: 0,
    entries: 0,
  };
  const { renditions } = order;
  const files = { total: 0 };
  return { ctx, account, viewer, scratch, renditions, counts, problems: [], files };
}

type Packing = {
  texts: Parts;
  program: Parts;
  order: ArchiveOrder;
  report(progress: ArchiveProgress): void;
};

async function pack(out: Out, zip: ZipWriter, packing: Packing): Promise<WrittenArchive> {
  const now = out.ctx.now();
  const packer = openPacker(out, zip);
  for (const { entry, path } of packing.texts) {
    if (entry !== MEDIA_WORK) await packer.file(entry, path, { deflate: true, modifiedAt: now });
  }
  for (const { entry, path } of packing.program) {
    // Inside the executable it is no file that a descriptor could be had of.
    packer.text(entry, await Bun.file(path).bytes(), now);
  }
  await packMedia(out, packer, packing);
  const archive = describeArchive(out, packing.order, now, packer.entries() + 3);
  packer.text(entries.readme, readmeText(archive), now);
  packer.text(entries.archive, `${JSON.stringify(archive, null, 2)}\n`, now);
  await packer.sums(now);
  const bytes = zip.finish();
  return { bytes, counts: archive.counts, problems: archive.problems };
}

type Packer = ReturnType<typeof openPacker>;

/** Puts entries in and lists their hashes. */
function openPacker(out: Out, zip: ZipWriter) {
  const path = out.scratch.path(' sums');
  const sums = Bun.file(path).writer();
  let entryCount = 0;
  const list = (entry: string, sha256: string) => {
    sums.write(`${sha256}  ${entry}\n`);
    entryCount += 1;
  };
  return {
    entries: () => entryCount,
    text: (entry: string, content: string | Uint8Array, modifiedAt: number) =>
      list(entry, zip.add(entry, content, modifiedAt).sha256),
    file: async (entry: string, from: string, how: { deflate: boolean; modifiedAt: number }) => {
      const { sha256 } = await zip.addFile(entry, from, how);
      list(entry, sha256);
      await sums.flush();
      return sha256;
    },
    sums: async (modifiedAt: number) => {
      await sums.end();
      await zip.addFile(entries.sums, path, { deflate: true, modifiedAt });
    },
  };
}

async function packMedia(out: Out, packer: Packer, { texts, report }: Packing): Promise<void> {
  const work = texts.find(({ entry }) => entry === MEDIA_WORK);
  if (work === undefined) return;
  const progress = { done: 0, total: out.files.total };
  report(progress);
  for await (const line of createInterface({ input: createReadStream(work.path) })) {
    const item = JSON.parse(line) as MediaWork | TextWork;
    if ('text' in item) {
      packer.text(item.entry, item.text, item.modifiedAt);
      continue;
    }
    await packFile(out, packer, item);
    progress.done += 1;
    report(progress);
  }
}

/** What cannot be read is told, and the rest goes on. */
async function packFile(out: Out, packer: Packer, item: MediaWork): Promise<void> {
  const { entry, blob, held, modifiedAt } = item;
  let path = held === null ? out.ctx.files.mediaPath(blob) : out.scratch.path(`held/${held}`);
  try {
    path = await fetchPlaced(out, item, path);
    const sha256 = await packer.file(entry, path, { deflate: false, modifiedAt });
    if (sha256 === item.sha256) return;
    const problem = 'The file on the server is not as it was stored: its fingerprint differs.';
    out.problems.push({ file: entry, problem });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!UNREADABLE.has(code)) throw error;
    const problem =
      code === 'ENOENT'
        ? 'The file was removed while the archive was made.'
        : 'The file on the server could not be read.';
    out.problems.push({ file: entry, problem });
  } finally {
    rmSync(fetchedPath(out), { force: true });
  }
}

function describeArchive(out: Out, order: ArchiveOrder, now: number, count: number): Archive {
  const { account, ctx } = out;
  const ids = idsOf(ctx.config);
  return {
    format: ARCHIVE_FORMAT,
    software: { name: 'tintype', version: buildInfo.version },
    instance: ids.origin,
    account: {
      id: String(account.id),
      username: account.username,
      handle: `${account.username}@${ids.domain}`,
      uri: ids.actor(account.username),
    },
    madeAt: new Date(now).toISOString(),
    renditions: order.renditions,
    counts: { ...out.counts, entries: count },
    problems: out.problems,
  };
}
