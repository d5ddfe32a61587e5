import { type Room, reserved, rooms } from './floors.ts';
import { codeOf, importsOf, resolveImport, type SourceFiles } from './source-files.ts';

type Rule = (files: SourceFiles) => string[];

const MAX_LINES = 400;
const SQL =
  /\b(?:SELECT\s[\s\S]*?\sFROM|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+(?:OR\s+\w+\s+)?\w+\s+SET|DELETE\s+FROM|PRAGMA\s+\w+|CREATE\s+(?:TABLE|INDEX)|VACUUM)\b/;
const SQL_FILE = /(?:^|[/-])(?:queries|reading)\.ts$/;

/** The rules of the house by name; each gives one sentence for each place that breaks it. */
export const architectureRules: Readonly<Record<string, Rule>> = {
  'imports point down': (files) =>
    eachImport(files).flatMap(({ path, specifier, target }) => {
      const [own, other] = [roomOf(path), target === null ? null : roomOf(target)];
      if (own === null || other === null || own.path === other.path) return [];
      if (other.floor < own.floor) return [];
      return [`${path} (floor ${own.floor}) imports ${specifier} (floor ${other.floor}).`];
    }),
  'every file of src lies in a room': (files) =>
    [...files.keys()]
      .filter((path) => path.startsWith('src/') && roomOf(path) === null)
      .map((path) => `${path} lies in no room of test/harness/floors.ts.`),
  'nothing imports in a circle': (files) =>
    circlesOf(files).map((circle) => `${circle.join(' -> ')} is a circle.`),
  'no import climbs with ../': (files) =>
    eachImport(files)
      .filter(({ specifier }) => specifier.includes('../'))
      .map(({ path, specifier }) => `${path} imports ${specifier}; use an alias.`),
  'the web takes from src only types of doors/entities': (files) =>
    eachImport(files)
      .filter(({ path, target }) => path.startsWith('web/') && target?.startsWith('src/'))
      .filter(
        ({ path, specifier }) =>
          !specifier.startsWith('#doors/entities/') || !isTypeImport(files.get(path), specifier),
      )
      .map(({ path, specifier }) => `${path} imports ${specifier}.`),
  'some imports are reserved': (files) =>
    eachImport(files).flatMap(({ path, specifier }) =>
      reserved
        .filter(({ from }) =>
          from.endsWith('/') ? specifier.startsWith(from) : specifier === from,
        )
        .filter(({ only }) => !only.some((place) => path === place || path.startsWith(`${place}/`)))
        .map(({ because }) => `${path} imports ${specifier}, but ${because}.`),
    ),
  'no file is longer than 400 lines': (files) =>
    [...files]
      .map(([path, source]) => ({ path, lines: source.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ path, lines }) => `${path} has ${lines} lines.`),
  'SQL is in queries.ts, reading.ts and .sql files': (files) =>
    productCode(files)
      .filter(([path]) => !SQL_FILE.test(path) && !path.startsWith('src/base/db/'))
      .flatMap(([path, code]) => {
        const found = SQL.exec(code);
        return found === null ? [] : [`${path} holds "${found[0].slice(0, 40)}…".`];
      }),
  'only base/config reads the environment': (files) =>
    productCode(files)
      .filter(([path]) => !path.startsWith('src/base/config/'))
      .filter(([, code]) => /\b(?:process|Bun|import\.meta)\.env\b/.test(code))
      .map(([path]) => `${path} reads the environment.`),
  'a class is an error': (files) =>
    productCode(files).flatMap(([path, code]) =>
      [...code.matchAll(/\bclass\s+(\w+)(?:\s+extends\s+(\w+))?/g)]
        .filter((match) => !/Error$/.test(match[2] ?? ''))
        .map((match) => `${path} has the class ${match[1]}.`),
    ),
  'a file of a room is named after what it exports': (files) =>
    [...files]
      .filter(([path]) => /^src\/(?:base|domain)\/.*\.ts$/.test(path) && !path.endsWith('.d.ts'))
      .filter(([path, source]) => !isNamedAfterExport(path, source))
      .map(([path]) => `${path} exports nothing of its name.`),
  'no drawer for odds and ends': (files) =>
    [...files.keys()]
      .filter((path) => /(?:^|\/)(?:utils?|helpers?|misc|common|index)(?:\/|\.tsx?$)/.test(path))
      .map((path) => `${path} says nothing about what it is for.`),
};

type Import = { path: string; specifier: string; target: string | null };

function eachImport(files: SourceFiles): Import[] {
  return [...files].flatMap(([path, source]) =>
    importsOf(path, source).map((specifier) => ({
      path,
      specifier,
      target: resolveImport(path, specifier),
    })),
  );
}

function roomOf(path: string): Room | null {
  const fitting = rooms.filter((room) => path === room.path || path.startsWith(`${room.path}/`));
  return fitting.sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}

function productCode(files: SourceFiles): [string, string][] {
  return [...files]
    .filter(([path]) => /^(?:src|web)\/.*\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .map(([path, source]) => [path, codeOf(path, source)]);
}

function isTypeImport(source = '', specifier: string): boolean {
  const statements = [...source.matchAll(/^(?:import|export)\b[^;'"`]*?\bfrom\s*'([^']+)'/gm)];
  return statements
    .filter((match) => match[1] === specifier)
    .every((match) => /^(?:import|export)\s+type\b/.test(match[0]));
}

// A file with one export is that export's: they share a word (or its stem). A file with several is
// a noun, named after what they have in common.
function isNamedAfterExport(path: string, source: string): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.tsx?$/, '');
  const [only, ...others] = [
    ...source.matchAll(/^export\s+(?:async\s+)?(?:function\*?|const|type|class)\s+(\w+)/gm),
  ].map((match) => match[1] ?? '');
  if (only === undefined || others.length > 0) return true;
  const words = file.split('-').map((word) => word.replace(/(?:ies|es|s|e|y)$/, ''));
  return words.some((word) => only.toLowerCase().includes(word.toLowerCase()));
}

/** Circles of imports, each from its first file by name back to it. */
function circlesOf(files: SourceFiles): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) circles.push([...trail.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    for (const specifier of importsOf(path, files.get(path) ?? '')) {
      const target = resolveImport(path, specifier);
      if (target !== null && files.has(target)) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of files.keys()) visit(path, []);
  return circles;
}
