import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '#package.json';
import { root } from '#scripts/process.ts';
import type { Lock, Locked } from './read-lock.ts';

type Component = {
  type: 'library';
  'bom-ref': string;
  name: string;
  version: string;
  purl: string;
  hashes: { alg: 'SHA-512'; content: string }[];
  licenses: { expression: string }[];
};

/** A bill of materials: CycloneDX 1.5 (cyclonedx.org), as much of it as says what is in the executable. */
export type Parts = {
  bomFormat: 'CycloneDX';
  specVersion: '1.5';
  version: 1;
  metadata: { component: { type: 'application'; name: string; version: string } };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
};

/** Describes everything that the dependencies of this project lead to, in the order of names. */
export function describeParts(lock: Lock): Parts {
  const found = new Map<string, Locked>();
  const edges = new Map<string, string[]>();
  const visit = (place: string) => {
    const locked = lock.packages.get(place);
    if (locked === undefined || found.has(place)) return;
    found.set(place, locked);
    const below = [...locked.dependencies, ...locked.optional]
      .map((name) => placeOf(lock, place, name))
      .filter((each): each is string => each !== null && isBuiltFor(lock, each));
    edges.set(place, below);
    for (const each of below) visit(each);
  };
  for (const name of lock.wanted) visit(name);
  const places = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const refOf = (place: string) => purlOf(found.get(place) as Locked);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: { type: 'application', name: manifest.name, version: manifest.version },
    },
    components: unique(places.map(([place, locked]) => componentOf(place, locked))),
    dependencies: unique(
      places.map(([place, locked]) => ({
        'bom-ref': purlOf(locked),
        ref: purlOf(locked),
        dependsOn: [...new Set((edges.get(place) ?? []).map(refOf))].sort(),
      })),
    ).map(({ ref, dependsOn }) => ({ ref, dependsOn })),
  };
}

/** Which parts stand under which licence, the licence with most parts first. */
export function licencesOf(parts: Parts): [licence: string, names: string[]][] {
  const all = new Map<string, string[]>();
  for (const { name, licenses } of parts.components) {
    const licence = licenses[0]?.expression ?? 'unknown';
    all.set(licence, [...(all.get(licence) ?? []), name]);
  }
  return [...all].sort(([, a], [, b]) => b.length - a.length);
}

/** Where a package finds one that it asks for: beside itself, or further out (as Node looks for modules). */
function placeOf(lock: Lock, from: string, name: string): string | null {
  const parts = from.split('/');
  for (let length = parts.length; length > 0; length -= 1) {
    const place = `${parts.slice(0, length).join('/')}/${name}`;
    if (lock.packages.has(place)) return place;
  }
  return lock.packages.has(name) ? name : null;
}

/** Packages of other systems are in the lock, and never in an executable of ours. */
function isBuiltFor(lock: Lock, place: string): boolean {
  const { os = '', cpu = '', libc = '', name = '' } = lock.packages.get(place) ?? {};
  const fits = (text: string, ours: readonly string[]) => text === '' || ours.includes(text);
  return (
    fits(os, ['linux']) &&
    fits(cpu, ['x64', 'arm64']) &&
    fits(libc, ['glibc']) &&
    !/musl/.test(name)
  );
}

function componentOf(place: string, locked: Locked): Component {
  const purl = purlOf(locked);
  const hash = Buffer.from(locked.integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  const licence = licenceOf(place, locked);
  return {
    type: 'library',
    'bom-ref': purl,
    name: locked.name,
    version: locked.version,
    purl,
    hashes: [{ alg: 'SHA-512', content: hash }],
    licenses: licence === null ? [] : [{ expression: licence }],
  };
}

function purlOf({ name, version }: Locked): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

/** What the package says of itself; one that is built for another processor says the same as its twin here. */
function licenceOf(place: string, { name }: Locked): string | null {
  const modules = join(root, 'node_modules');
  const nested = place.replace(new RegExp(`/${name}$`), `/node_modules/${name}`);
  for (const each of [nested, name, name.replace('arm64', 'x64'), name.replace('x64', 'arm64')]) {
    const path = join(modules, each, 'package.json');
    if (!existsSync(path)) continue;
    const said: { license?: string | { type: string } } = JSON.parse(readFileSync(path, 'utf8'));
    const licence = typeof said.license === 'object' ? said.license.type : said.license;
    if (licence) return licence;
  }
  return null;
}

function unique<T extends { 'bom-ref': string }>(all: readonly T[]): T[] {
  return [...new Map(all.map((each) => [each['bom-ref'], each])).values()];
}
