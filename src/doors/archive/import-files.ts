import { constants } from 'node:fs';
import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { randomName } from '#base/core/secrets.ts';

/** A name for a file in `imports/`; nothing of what the person called it. */
export function newImportName(): string {
  return randomName(16);
}

/** Where the file that somebody brought lies. */
export function importPath(ctx: Pick<Context, 'files'>, name: string): string {
  return join(ctx.files.imports, name);
}

/** The folder for what is made of it: the plan, and what was unpacked. */
export function scratchPath(ctx: Pick<Context, 'files'>, name: string): string {
  return `${importPath(ctx, name)}.d`;
}

/** Makes that folder anew, empty. */
export async function freshScratch(ctx: Pick<Context, 'files'>, name: string): Promise<string> {
  const path = scratchPath(ctx, name);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { mode: 0o700 });
  return path;
}

/** Takes a copy of a file (the same bytes on disk where the file system can). */
export async function copyIn(
  ctx: Pick<Context, 'files'>,
  from: string,
  name: string,
): Promise<void> {
  const to = importPath(ctx, name);
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  }
}

/** Removes the file and what was made of it. */
export async function removeImportFiles(
  ctx: Pick<Context, 'files'>,
  name: string | null,
): Promise<void> {
  if (name === null) return;
  await rm(importPath(ctx, name), { force: true });
  await rm(scratchPath(ctx, name), { recursive: true, force: true });
}
