/** A platform that an executable is built for. */
export type Target = {
  name: string;
  os: 'linux';
  cpu: 'x64' | 'arm64';
  /** Package on the npm registry that holds Bun's executable for it, at the version of `packageManager`. */
  bunPackage: string;
  /** SHA-256 of `bin/bun` in that package: what is compiled in is what was tested. */
  bunSha256: string;
  /** The end of the names of sharp's packages for it. */
  sharp: string;
};

/** The version of Bun that builds, runs and is compiled in. */
export const bunVersion = '1.4.5';

/**
 * Every platform. Since 1.4 Bun has one executable for x64 that runs from SSE4.2 on and picks AVX2 at
 * run time; the package for "baseline" holds the same bytes, so that name is only an alias.
 */
export const targets: readonly Target[] = [
  {
    name: 'linux-x64',
    os: 'linux',
    cpu: 'x64',
    bunPackage: '@oven/bun-linux-x64',
    bunSha256: 'f05d28a3862f4b84395c7fa32480b835dd47482e80b7e7a49a115227f0c06083',
    sharp: 'linux-x64',
  },
  {
    name: 'linux-arm64',
    os: 'linux',
    cpu: 'arm64',
    bunPackage: '@oven/bun-linux-aarch64',
    bunSha256: '04778f1f42399a69d086853e9c7af4acf574b2f21a43d0dc673853d8b84a2923',
    sharp: 'linux-arm64',
  },
];

/** Other names under which a target may be asked for; the file gets that name, too. */
export const aliases: Readonly<Record<string, string>> = { 'linux-x64-baseline': 'linux-x64' };

/** The target of this machine, or undefined where no executable is built for it. */
export function hostTarget(): Target | undefined {
  return targets.find(({ os, cpu }) => os === process.platform && cpu === process.arch);
}
