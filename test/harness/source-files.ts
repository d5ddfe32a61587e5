/** Source text by path, e.g. `src/base/core/ids.ts`. */
export type SourceFiles = ReadonlyMap<string, string>;

/** Every file that people write: src, web, scripts and test. */
export async function readSourceFiles(root: string): Promise<SourceFiles> {
  const files = new Map<string, string>();
  const glob = new Bun.Glob('{src,web,scripts,test}/**/*.{ts,tsx,css,sql}');
  for await (const path of glob.scan({ cwd: root })) {
    files.set(path, await Bun.file(`${root}/${path}`).text());
  }
  return new Map([...files].sort(([one], [other]) => one.localeCompare(other)));
}

/** What a file imports, types too, as written: `#base/core/ids.ts`, `./queries.ts`, `valibot`. */
export function importsOf(path: string, source: string): string[] {
  if (!/\.tsx?$/.test(path)) return [];
  const statements = source.matchAll(/^(?:import|export)\b(?:[^;'"`]*?\bfrom)?\s*'([^']+)'/gm);
  const types = source.matchAll(/\bimport\('([^']+)'\)/g);
  const loaded = source.matchAll(/\brequire\('([^']+)'\)/g);
  return [...statements, ...types, ...loaded].map((match) => match[1] ?? '');
}

/** The file that an import of our own means; null for packages. */
export function resolveImport(from: string, specifier: string): string | null {
  const alias = /^#(base|domain|doors|app|cli)\/(.*)$/.exec(specifier);
  if (alias) return `src/${alias[1]}/${alias[2]}`;
  const other = /^#(web|build|test|scripts)\/(.*)$/.exec(specifier);
  if (other) return `${other[1]}/${other[2]}`;
  if (!specifier.startsWith('./')) return null;
  return `${from.slice(0, from.lastIndexOf('/'))}/${specifier.slice(2)}`;
}

/** The code of a file without comments and types, strings as they are. */
export function codeOf(path: string, source: string): string {
  return new Bun.Transpiler({ loader: path.endsWith('x') ? 'tsx' : 'ts' }).transformSync(source);
}
