import {
  chownSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A text that grows in a scratch file, so that its size is nobody's concern. */
export type Sink = { write(text: string): void };

/** The place where the parts of an archive lie until they are packed. */
export type Scratch = {
  /** The text that becomes the entry of that name; the same one when asked again. */
  text(entry: string): Sink;
  /** Keeps a file's bytes, whatever becomes of it, without copying them. Some file systems cannot do that. */
  hold(path: string, as: string): 'held' | 'missing' | 'impossible';
  /** Where something that is no entry may lie. */
  path(name: string): string;
  /** Writes everything out: the entries in the order in which they were begun, with their files. */
  close(): { entry: string; path: string }[];
  remove(): void;
};

const BUFFER = 256 * 1024;

/** Opens an empty folder for the parts of one archive. */
export function openScratch(folder: string): Scratch {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'held'), { recursive: true, mode: 0o700 });
  giveToOwner(folder);
  const sinks = new Map<string, { path: string; sink: Sink; end(): void }>();
  return {
    text: (entry) => {
      const known = sinks.get(entry);
      if (known !== undefined) return known.sink;
      const made = openSink(join(folder, `text-${sinks.size}`));
      sinks.set(entry, made);
      return made.sink;
    },
    hold: (path, as) => {
      try {
        linkSync(path, join(folder, 'held', as));
        return 'held';
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : '';
        if (code === 'EEXIST') return 'held';
        return code === 'ENOENT' ? 'missing' : 'impossible';
      }
    },
    path: (name) => join(folder, name),
    close: () =>
      [...sinks].map(([entry, { path, end }]) => {
        end();
        return { entry, path };
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Made by root, it would be left for ever after a crash: nobody else may remove what lies in its folders. */
function giveToOwner(folder: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(folder));
  for (const path of [folder, join(folder, 'held')]) chownSync(path, uid, gid);
}

function openSink(path: string): { path: string; sink: Sink; end(): void } {
  const file = openSync(path, 'wx', 0o600);
  let waiting: string[] = [];
  let length = 0;
  let open = true;
  const flush = () => {
    const bytes = Buffer.from(waiting.join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    waiting = [];
    length = 0;
  };
  const write = (text: string) => {
    waiting.push(text);
    length += text.length;
    if (length >= BUFFER) flush();
  };
  const end = () => {
    if (!open) return;
    open = false;
    flush();
    closeSync(file);
  };
  return { path, sink: { write }, end };
}
