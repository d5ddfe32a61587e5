import { join } from 'node:path';
import { BlobReader, TextWriter, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { findJobs } from '#base/jobs/queries.ts';
import { type ExportRow, findExport } from '#doors/archive/export-queries.ts';
import { askArchive, exportPaths } from '#doors/archive/exports.ts';
import type { Person, TestApp } from '#test/harness/app.ts';

const ALL_JOBS = { state: null, kind: 'archive.export', limit: 1 };

/** Asks for an archive, has it made and gives its row. */
export async function makeArchive(
  app: TestApp,
  person: Person,
  renditions = false,
): Promise<ExportRow & { path: string }> {
  const { id } = askArchive(app.ctx, person.viewer.id, { renditions });
  await app.settle();
  // A machine that is short of something may cost the child a try; the job goes on later.
  for (let tries = 1; tries < 3 && findExport(app.ctx.db, id)?.state === 'running'; tries += 1) {
    app.clock.advance(60_000);
    await app.settle();
  }
  const row = findExport(app.ctx.db, id);
  if (row?.state !== 'done' || row.file === null) {
    throw new Error(row?.detail ?? findJobs(app.ctx.db, ALL_JOBS)[0]?.lastError ?? 'no archive');
  }
  return { ...row, path: exportPaths(app.ctx, row.file).whole };
}

/** An archive as a reader sees it that is not ours. */
export type ReadArchive = {
  names: string[];
  bytes(name: string): Promise<Uint8Array>;
  text(name: string): Promise<string>;
  json(name: string): Promise<Record<string, unknown>>;
  lines(name: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

/** Opens an archive with zip.js, which checks every entry's checksum. */
export async function readZip(path: string): Promise<ReadArchive> {
  const reader = new ZipReader(new BlobReader(Bun.file(path)), { useWebWorkers: false });
  const list = await reader.getEntries();
  const find = (name: string) => {
    const entry = list.find(({ filename }) => filename === name);
    if (entry === undefined || entry.directory) throw new Error(`There is no ${name}.`);
    return entry;
  };
  const how = { checkSignature: true };
  const text = (name: string) => find(name).getData(new TextWriter(), how);
  return {
    names: list.map(({ filename }) => filename),
    bytes: (name) => find(name).getData(new Uint8ArrayWriter(), how),
    text,
    json: async (name) => JSON.parse(await text(name)),
    lines: async (name) =>
      (await text(name)).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])),
    close: async () => {
      await reader.close();
    },
  };
}

/** Runs a program to its end; the code is -1 where it is not installed. */
export async function runProgram(command: string[]): Promise<{ code: number; output: string }> {
  if (Bun.which(command[0] ?? '') === null) return { code: -1, output: '' };
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' });
  const [output, complaint, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, output: output + complaint };
}

/** Where archives lie. */
export function exportsOf(app: TestApp): string {
  return join(app.ctx.files.root, 'exports');
}
