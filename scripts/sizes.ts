import { join } from 'node:path';
import type { Bundled } from './compile.ts';
import type { NativeParts } from './native.ts';
import { root } from './process.ts';

/** Bytes of an executable by part; `rest` is bytecode, alignment and the table of contents. */
export type Sizes = {
  total: number;
  bun: number;
  libvips: number;
  sharpBinding: number;
  web: number;
  heic: number;
  libraries: number;
  tintype: number;
  rest: number;
};

/** Takes an executable apart into the parts that were put in. */
export async function measure(
  executable: string,
  parts: NativeParts,
  bundled: Bundled,
): Promise<Sizes> {
  const total = Bun.file(executable).size;
  const { tintype = 0, 'libheif-js': heic = 0, ...others } = bundled;
  const libraries = Object.values(others).reduce((sum, bytes) => sum + bytes, 0);
  const known = {
    bun: Bun.file(parts.bun).size,
    libvips: Bun.file(parts.libvips.path).size,
    sharpBinding: Bun.file(parts.binding.path).size,
    web: await webBytes(),
    heic,
    libraries,
    tintype,
  };
  const rest = total - Object.values(known).reduce((sum, bytes) => sum + bytes, 0);
  return { total, ...known, rest };
}

/** Writes `dist/sizes.json`, keeping the rows of targets that were not built now, and gives all of them. */
export async function storeSizes(sizes: Record<string, Sizes>): Promise<Record<string, Sizes>> {
  const file = Bun.file(join(root, 'dist', 'sizes.json'));
  const before: Record<string, Sizes> = (await file.exists()) ? await file.json() : {};
  const all = Object.fromEntries(Object.entries({ ...before, ...sizes }).sort());
  await Bun.write(file, `${JSON.stringify(all, null, 2)}\n`);
  return all;
}

/** Prints the sizes as a table, a column an executable. */
export function printSizes(all: Record<string, Sizes>): void {
  const names = Object.keys(all);
  const heads: Record<keyof Sizes, string> = {
    bun: 'Bun',
    libvips: 'libvips',
    sharpBinding: 'sharp binding',
    web: 'files for the browser',
    heic: 'HEIC decoder',
    libraries: 'other libraries',
    tintype: 'Tintype itself',
    rest: 'bytecode, alignment',
    total: 'total',
  };
  console.log(['bytes'.padEnd(24), ...names.map((name) => name.padStart(14))].join(''));
  for (const [key, head] of Object.entries(heads)) {
    const cells = names.map((name) => all[name]?.[key as keyof Sizes] ?? 0);
    console.log([head.padEnd(24), ...cells.map((cell) => commas(cell).padStart(14))].join(''));
  }
}

async function webBytes(): Promise<number> {
  let sum = 0;
  for await (const path of new Bun.Glob('build/web/**/*').scan({ cwd: root, absolute: true })) {
    sum += Bun.file(path).size;
  }
  return sum;
}

function commas(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
