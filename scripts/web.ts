import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { BuildOptions } from 'esbuild';
import { fingerprint, isFresh, setFresh } from './fingerprint.ts';
import { installDependencies } from './install.ts';
import { root } from './process.ts';

/** A file for the browser, before it is written into the table of assets. */
type Built = { name: string; content: Uint8Array; hash: string; imports: string[] };

const web = join(root, 'web');
const out = join(root, 'build', 'web');
const table = join(root, 'build', 'assets.ts');

const mimes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * Builds everything the browser loads (`web/islands/*.tsx`, `web/styles/main.css`, `web/gallery`, `web/static/*`)
 * into `build/web/` under names with a hash, and writes `build/assets.ts`, the table through which
 * the server finds it from source and inside the executable. Says whether there was anything to do.
 */
export async function buildWeb(): Promise<boolean> {
  const mark = await fingerprint(['web/**/*', 'scripts/web.ts', 'bun.lock']);
  if (existsSync(table) && (await isFresh('web', mark))) return false;
  const files = [...(await bundle()), ...(await bundleGallery()), ...(await copyStatic())];
  const fresh = `${out}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const rows: string[] = [];
  const imports: string[] = [];
  for (const file of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    await writeAsset(file, fresh, imports, rows);
  }
  rmSync(out, { recursive: true, force: true });
  renameSync(fresh, out);
  await Bun.write(`${table}.new`, tableSource(imports, rows));
  renameSync(`${table}.new`, table);
  await setFresh('web', mark);
  return true;
}

/** Islands and styles. esbuild is loaded here, because a fresh clone has no dependencies yet. */
async function bundle(): Promise<Built[]> {
  const options = await bundleOptions();
  if (options.entryPoints.length === 0) return [];
  const { build, stop } = await import('esbuild');
  const result = await build({
    ...options,
    outdir: out,
    minify: true,
    entryNames: '[dir]/[name]-[hash]',
    chunkNames: 'islands/chunk-[hash]',
    assetNames: 'styles/[name]-[hash]',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  // Its process must not outlive this one as a child of the server that `start` becomes.
  await stop();
  return result.outputFiles.map(({ path, contents }) => {
    const [stem, hash] = splitHash(relative(out, path));
    const { imports = [] } = result.metafile.outputs[relative(root, path)] ?? {};
    const needed = imports.filter(({ kind }) => kind === 'import-statement');
    const urls = needed.map((chunk) => `/assets/${relative(out, join(root, chunk.path))}`);
    return { name: stem, content: contents, hash, imports: urls };
  });
}

/** The gallery of archives: plain scripts without chunks, because pages from a disk may not load modules. */
async function bundleGallery(): Promise<Built[]> {
  const { splitting: _, ...options } = await bundleOptions();
  const { build, stop } = await import('esbuild');
  const result = await build({
    ...options,
    entryPoints: ['gallery/gallery.tsx', 'gallery/gallery.css'].map((path) => join(web, path)),
    outdir: out,
    format: 'iife',
    minify: true,
    entryNames: '[dir]/[name]-[hash]',
    write: false,
    logLevel: 'silent',
  });
  await stop();
  return result.outputFiles.map(({ path, contents }) => {
    const [name, hash] = splitHash(relative(out, path));
    return { name, content: contents, hash, imports: [] };
  });
}

/** What holds for the executable and for development alike. */
export async function bundleOptions() {
  const islands = await Array.fromAsync(new Bun.Glob('islands/*.tsx').scan({ cwd: web }));
  const styles = existsSync(join(web, 'styles/main.css')) ? ['styles/main.css'] : [];
  return {
    absWorkingDir: root,
    entryPoints: [...islands.sort(), ...styles].map((path) => join(web, path)),
    outbase: web,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2022', 'safari16'],
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    publicPath: '/assets',
    loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file', '.webp': 'file' },
    define: { 'process.env.NODE_ENV': '"production"' },
  } satisfies BuildOptions;
}

/** esbuild's own hash, so that the names inside the bundles hold: `a/b-HASH.js` is `a/b.js`. */
function splitHash(path: string): [string, string] {
  const match = /^(.*)-([A-Z0-9]{8})(\.[a-z0-9]+)$/.exec(path);
  if (match === null) throw new Error(`esbuild wrote "${path}", a name without a hash.`);
  const [, stem, hash, extension] = match;
  // A chunk has no name of its own.
  return [stem === 'islands/chunk' ? path : `${stem}${extension}`, hash ?? ''];
}

/** Icons and the like; the manifest last, because it names others by their addresses. */
async function copyStatic(): Promise<Built[]> {
  const names = await Array.fromAsync(new Bun.Glob('static/**/*').scan({ cwd: web }));
  const isManifest = (name: string): boolean => name.endsWith('.webmanifest');
  const built: Built[] = [];
  for (const name of names.sort((a, b) => Number(isManifest(a)) - Number(isManifest(b)))) {
    const file = await Bun.file(join(web, name)).bytes();
    const content = isManifest(name) ? withAddresses(file, built) : file;
    const hash = new Bun.CryptoHasher('sha256').update(content).digest('hex').slice(0, 8);
    built.push({ name, content, hash: hash.toUpperCase(), imports: [] });
  }
  return built;
}

/** A manifest with `"src": "icon.png"` turned into the address with the hash; whole addresses stay. */
function withAddresses(manifest: Uint8Array, files: Built[]): Uint8Array {
  const text = new TextDecoder().decode(manifest);
  const named = text.replaceAll(/("src":\s*)"([^/"][^"]*)"/g, (_, key: string, src: string) => {
    const file = files.find(({ name }) => name === `static/${src}`);
    if (file === undefined)
      throw new Error(`The manifest names "${src}", which is not in web/static.`);
    return `${key}"/assets/${withHash(file)}"`;
  });
  return new TextEncoder().encode(named);
}

async function writeAsset(
  file: Built,
  folder: string,
  imports: string[],
  rows: string[],
): Promise<void> {
  const extension = extname(file.name);
  const mime = mimes[extension];
  if (mime === undefined) throw new Error(`web/${file.name}: no media type for "${extension}".`);
  const hashed = withHash(file);
  const embed = async (path: string, content: Uint8Array): Promise<string> => {
    await Bun.write(join(folder, path), content);
    const variable = `f${imports.length}`;
    imports.push(`import ${variable} from './web/${path}' with { type: 'file' };`);
    return variable;
  };
  const plain = await embed(hashed, file.content);
  const packed = pack(file.content, mime);
  const gzip = packed === null ? 'null' : await embed(`${hashed}.gz`, packed.gzip);
  const brotli = packed === null ? 'null' : await embed(`${hashed}.br`, packed.brotli);
  rows.push(
    `  '${file.name}': { file: ${plain}, url: '/assets/${hashed}', mime: '${mime}', ` +
      `hash: '${file.hash}', bytes: ${file.content.length}, gzip: ${gzip}, brotli: ${brotli}, ` +
      `imports: ${JSON.stringify(file.imports)} },`,
  );
}

function withHash({ name, hash }: Built): string {
  const extension = extname(name);
  const stem = basename(name, extension);
  return join(
    dirname(name),
    stem.endsWith(hash) ? `${stem}${extension}` : `${stem}-${hash}${extension}`,
  );
}

/** Compressed once and well, where it saves anything. */
function pack(content: Uint8Array, mime: string): { gzip: Uint8Array; brotli: Uint8Array } | null {
  if (!/^text\/|json|svg/.test(mime) || content.length < 600) return null;
  return {
    gzip: gzipSync(content, { level: 9 }),
    brotli: brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  };
}

function tableSource(imports: string[], rows: string[]): string {
  return `// @ts-nocheck Written by scripts/web.ts; the imports give paths, whatever the file's type.
${imports.join('\n')}

/** A file for the browser. \`file\`, \`gzip\` and \`brotli\` are paths for Bun.file. */
export type Asset = {
  file: string;
  /** Address with a hash in it: may be kept for ever. */
  url: string;
  mime: string;
  hash: string;
  /** Size of \`file\`. */
  bytes: number;
  gzip: string | null;
  brotli: string | null;
  /** Addresses of the chunks that a script imports, for \`modulepreload\`. */
  imports: readonly string[];
};

/** By their names under \`web/\`: "islands/compose.js", "styles/main.css", "static/icon.svg". */
export const assets: Readonly<Record<string, Asset>> = {
${rows.join('\n')}
};
`;
}

if (import.meta.main) {
  await installDependencies();
  console.log((await buildWeb()) ? 'Web files built.' : 'Web files are fresh.');
}
