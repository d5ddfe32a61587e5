import { mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { BunPlugin } from 'bun';
import type { NativeParts } from './native.ts';
import { root } from './process.ts';
import type { Target } from './targets.ts';

/** What is written into the executable about itself; `version` only where it is not the one of `package.json`. */
export type Stamp = { commit: string; builtAt: string; version?: string };

/** Bytes of bundled JavaScript by the package they come from; our own code under `tintype`. */
export type Bundled = Record<string, number>;

/**
 * Bundles `src/main.ts` and puts it with all its parts behind the target's Bun executable. Never
 * minified: Elysia reads the source of its handlers. Gives what went into the bundle.
 */
export async function compile(
  target: Target,
  parts: NativeParts,
  stamp: Stamp,
  outfile: string,
): Promise<Bundled> {
  // Built under its own name, which goes into the file, in a folder beside its place.
  const unfinished = join(root, 'build', 'unfinished', target.name, basename(outfile));
  mkdirSync(dirname(unfinished), { recursive: true });
  mkdirSync(dirname(outfile), { recursive: true });
  const result = await Bun.build({
    entrypoints: [join(root, 'src/main.ts')],
    root,
    target: 'bun',
    // A verb then reads only its own part: the image worker starts in 8 ms instead of 43.
    splitting: true,
    // Half the time to a ready server for 7 MB; functions keep their source, which Elysia reads.
    bytecode: true,
    format: 'esm',
    sourcemap: 'none',
    throw: false,
    metafile: true,
    define: {
      TINTYPE_COMMIT: JSON.stringify(stamp.commit),
      TINTYPE_BUILT_AT: JSON.stringify(stamp.builtAt),
      TINTYPE_VERSION: JSON.stringify(stamp.version ?? ''),
    },
    plugins: [nativePlugin(target, parts)],
    compile: {
      target: `bun-${target.name}` as Bun.Build.CompileTarget,
      executablePath: parts.bun,
      outfile: unfinished,
      // What lies in the directory where somebody starts it is none of its business.
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
  });
  if (!result.success) throw new Error(result.logs.map(String).join('\n'));
  renameSync(unfinished, outfile);
  return bundled(result.metafile);
}

/** Puts the target's binding and library where the source names those of a checkout. */
function nativePlugin(target: Target, parts: NativeParts): BunPlugin {
  const binding = `@img/sharp-${target.sharp}/sharp.node`;
  return {
    name: 'tintype-native',
    setup(build) {
      build.onResolve({ filter: /^@img\/sharp-/ }, ({ path }) => ({ path, namespace: 'binding' }));
      build.onLoad({ filter: /.*/, namespace: 'binding' }, ({ path }) => ({
        contents: path === binding ? bindingModule : absentModule(path),
        loader: 'js',
      }));
      build.onLoad({ filter: /images\/embedded-native\.ts$/ }, () => ({
        contents: embeddedModule(parts),
        loader: 'ts',
      }));
      // It reads files and starts shells to learn which libc runs; this file was built for one.
      build.onLoad({ filter: /node_modules\/detect-libc\/lib\/detect-libc\.js$/ }, () => ({
        contents: detectLibcModule,
        loader: 'js',
      }));
    },
  };
}

const embeddedNative = join(root, 'src/base/platform/images/embedded-native.ts');

const bindingModule = `
const { embedded } = require(${JSON.stringify(embeddedNative)});
process.dlopen(module, embedded.bindingPath);
`;

function absentModule(name: string): string {
  return `throw new Error(${JSON.stringify(`${name} is not part of this executable`)});`;
}

function embeddedModule(parts: NativeParts): string {
  const path = (name: 'libvips' | 'binding'): string => JSON.stringify(parts[name].path);
  const facts = (name: 'libvips' | 'binding'): string =>
    `file: ${name}, name: ${JSON.stringify(basename(parts[name].path))}, sha256: '${parts[name].sha256}'`;
  return `
    import libvips from ${path('libvips')} with { type: 'file' };
    import binding from ${path('binding')} with { type: 'file' };
    export const embedded = {
      libvips: { ${facts('libvips')} },
      binding: { ${facts('binding')} },
      bindingPath: '',
    };
  `;
}

const detectLibcModule = `
module.exports = {
  GLIBC: 'glibc',
  MUSL: 'musl',
  family: async () => 'glibc',
  familySync: () => 'glibc',
  isNonGlibcLinux: async () => false,
  isNonGlibcLinuxSync: () => false,
  version: async () => null,
  versionSync: () => null,
};
`;

function bundled(metafile: Bun.BuildMetafile | undefined): Bundled {
  const sums: Bundled = {};
  for (const output of Object.values(metafile?.outputs ?? {})) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const owner = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? 'tintype';
      sums[owner] = (sums[owner] ?? 0) + bytesInOutput;
    }
  }
  return sums;
}
