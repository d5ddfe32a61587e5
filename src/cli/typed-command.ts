import { isAbsolute, join, relative, resolve } from 'node:path';

const USUAL_DATA = './tintype-data';

/** A verb as the person at this prompt would type it, so that a line of ours can be copied: `./tintype setup-link`. */
export function typedCommand(verb: string, data: string): string {
  const isElsewhere = resolve(data) !== resolve(USUAL_DATA);
  return [program(), verb, ...(isElsewhere ? ['--data', quoted(data)] : [])].join(' ');
}

function program(): string {
  const compiled = import.meta.dir.startsWith('/$bunfs/');
  if (!compiled) return `bun ${short(join(import.meta.dir, '..', 'main.ts'))}`;
  return Bun.which('tintype') === process.execPath ? 'tintype' : short(process.execPath);
}

function short(path: string): string {
  const near = relative(process.cwd(), path);
  if (near.startsWith('..') || isAbsolute(near)) return quoted(path);
  return quoted(near.includes('/') ? near : `./${near}`);
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
