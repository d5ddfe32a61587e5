import { lstatSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { formatBytes } from '#base/core/bytes.ts';
import { readSetting } from '#domain/settings.ts';
import { findMount } from './find-mount.ts';
import { type Finding, fail, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';

const DAY = 24 * 3_600_000;
/** Milliseconds by which the clocks of machine and file system may differ. */
const DRIFT = 5_000;
const OTHERS = 0o077;

/** The data directory: whose it is, who can read it, how full its disk is, what it lies on. */
export function checkDirectory(patient: Patient): Finding[] {
  const root = patient.config.data;
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    const advice = 'Name the right directory with --data, or start a server to make it.';
    return [fail('data.directory', `There is no directory ${root}.`, advice)];
  }
  return [
    checkRights(root),
    ...checkWriting(root),
    checkSpace(patient),
    checkInodes(root),
    checkMedium(patient),
    checkTemp(patient),
  ];
}

/** Files of the data directory that others can read, or that belong to somebody else. */
export function listOpenPaths(root: string): { open: string[]; foreign: string[] } {
  const top = readdirSync(root).map((name) => join(root, name));
  const inner = ['media/local', 'media/cache', 'https', 'logs'].map((name) => join(root, name));
  const { uid } = userInfo();
  const open: string[] = [];
  const foreign: string[] = [];
  for (const path of [root, ...top, ...inner]) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found || found.isSymbolicLink()) continue;
    // Whoever may not enter the directory reaches nothing in it.
    if ((found.mode & OTHERS) !== 0 && !found.isSocket()) open.push(path);
    if (found.uid !== uid) foreign.push(path);
  }
  return { open, foreign };
}

function checkRights(root: string): Finding {
  const { open, foreign } = listOpenPaths(root);
  const [alien] = foreign;
  if (alien !== undefined) {
    const text = `${alien} belongs to another user${foreign.length > 1 ? `, and ${foreign.length - 1} more` : ''}.`;
    const advice = `Run Tintype and its verbs as one user; hand it over with "chown -R USER ${root}".`;
    return fail('data.rights', text, advice);
  }
  const [first] = open;
  if (first === undefined) return fine('data.rights', 'Only its owner can read the data.');
  const text = `Other users of this machine can read ${first}${open.length > 1 ? ` and ${open.length - 1} more` : ''}.`;
  return warn('data.rights', text, `chmod -R go= ${root}`, 'rights');
}

function checkWriting(root: string): Finding[] {
  const path = join(root, `.doctor-${process.pid}`);
  try {
    writeFileSync(path, 'x', { mode: 0o600 });
    const drift = Math.abs(statSync(path).mtimeMs - Date.now());
    if (drift < DRIFT) return [];
    const text = `The disk's clock is ${Math.round(drift / 1000)} s away from this machine's.`;
    return [warn('clock.disk', text, 'Let both use the same time server.')];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice = 'Look whether the disk is full, mounted read-only, or belongs to another user.';
    return [fail('data.write', `Nothing can be written to ${root}: ${why}`, advice)];
  } finally {
    rmSync(path, { force: true });
  }
}

function checkSpace({ config, db }: Patient): Finding {
  const disk = statfsSync(config.data);
  const free = disk.bavail * disk.bsize;
  const kept = db === null ? 1e9 : readReserve({ config, db });
  const text = `The disk has ${formatBytes(free)} free, ${formatBytes(kept)} of it are kept.`;
  const advice = 'Make room, lower media.cache_size, or move photos to a larger disk or a bucket.';
  if (free < kept) return fail('disk.space', `${text} Uploads are refused.`, advice);
  if (free < 2 * kept) return warn('disk.space', text, advice);
  return fine('disk.space', text);
}

function readReserve(ctx: Parameters<typeof readSetting>[0]): number {
  try {
    return readSetting(ctx, 'storage.min_free');
  } catch {
    return 1e9;
  }
}

function checkInodes(root: string): Finding {
  const disk = statfsSync(root);
  // Some file systems know no such limit and say 0.
  if (disk.files === 0) return fine('disk.inodes', 'The disk has room for any number of files.');
  const left = disk.ffree / disk.files;
  const text = `The disk has room for ${disk.ffree} more files.`;
  const advice = 'Remove what has very many small files, or use a file system with more inodes.';
  if (disk.ffree < 10_000 || left < 0.01) return fail('disk.inodes', text, advice);
  return left < 0.05 ? warn('disk.inodes', text, advice) : fine('disk.inodes', text);
}

const NETWORK =
  /^(?:nfs\d?|cifs|smb\d?|smbfs|9p|fuse\.sshfs|fuse\.s3fs|fuse\.rclone|davfs|afs|ceph|glusterfs|fuse\.glusterfs)$/;
const WITHOUT_RIGHTS = /^(?:vfat|exfat|msdos|ntfs|ntfs3|fuseblk)$/;

function checkMedium({ config, readText }: Patient): Finding {
  const id = 'disk.medium';
  const mount = findMount(readText('/proc/mounts') ?? '', config.data);
  if (mount === null) return fine(id, 'What the data lies on cannot be seen here.');
  const { device, type, options } = mount;
  if (options.includes('ro')) {
    const advice =
      'A disk that fails is often made read-only: look at "dmesg", then mount it anew.';
    return fail(id, `${mount.path} is mounted read-only.`, advice);
  }
  if (NETWORK.test(type)) {
    const advice = 'Keep the data on a disk of this machine; photos and backups may go elsewhere.';
    return fail(
      id,
      `The data lies on a network file system (${type}), where SQLite breaks.`,
      advice,
    );
  }
  if (WITHOUT_RIGHTS.test(type)) {
    const advice = 'Use ext4, xfs or btrfs.';
    return fail(id, `The file system (${type}) knows no owners: everybody reads the data.`, advice);
  }
  if (type === 'tmpfs' || type === 'ramfs') {
    const advice = 'Move the data directory to a disk.';
    return fail(
      id,
      'The data lies in memory and is gone after the next start of the machine.',
      advice,
    );
  }
  if (type === 'overlay') {
    const advice = 'Mount a volume for the data directory.';
    return warn(id, 'The data lies inside a container and goes with it.', advice);
  }
  if (/mmcblk/.test(device)) {
    const advice = 'Send backups to another disk (backup.to), or move the data to an SSD.';
    return warn(id, 'The data lies on an SD card; these wear out.', advice);
  }
  return fine(id, `The data lies on ${device} (${type}).`);
}

function checkTemp({ config, now }: Patient): Finding {
  const tmp = join(config.data, 'tmp');
  const names = statSync(tmp, { throwIfNoEntry: false }) ? readdirSync(tmp) : [];
  const old = names.filter((name) => {
    const found = lstatSync(join(tmp, name), { throwIfNoEntry: false });
    return found !== undefined && now() - found.mtimeMs > DAY;
  });
  if (old.length === 0) return fine('data.temp', 'No upload was left unfinished.');
  const text = `${old.length} files of unfinished uploads lie in tmp.`;
  return warn('data.temp', text, 'tintype doctor --fix removes them, as the night does.', 'temp');
}
