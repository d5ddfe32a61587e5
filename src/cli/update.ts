import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseUpdateFrom } from '#base/config/parse-appliance.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { AppError } from '#base/core/errors.ts';
import { isContainerImage } from '#base/platform/container.ts';
import { ownExecutable } from '#base/platform/own-executable.ts';
import { isAddress } from '#base/platform/read-owned-address.ts';
import { updatePlaces } from '#domain/upkeep/update-record.ts';
import { foreignOwner } from './foreign-owner.ts';
import { readArguments } from './read-arguments.ts';
import { runUpdateWorker } from './run-update-worker.ts';
import { loadSettings } from './settings.ts';
import type { UpdateOrder } from './update-pipe.ts';

/** `tintype update [--check]`: looks for a newer version and goes to it, or says why not. */
export async function run(argv: string[]): Promise<number> {
  const { flags, values } = readArguments(argv, {
    options: {
      check: { type: 'boolean' },
      json: { type: 'boolean' },
      from: { type: 'string' },
      key: { type: 'string' },
    },
  });
  const mode = values.check === true ? 'check' : 'update';
  const isJson = values.json === true;
  const settings = loadSettings(flags);
  const { data } = settings.config;
  const places = updatePlaces(data);
  if (!existsSync(places.database)) {
    throw new AppError('not_found', `There is no Tintype in ${data}; name it with --data.`);
  }
  const executable = ownExecutable();
  if (mode === 'update') requireUpdatable(executable);
  const owner = foreignOwner(data);
  const order: UpdateOrder = {
    mode,
    data,
    ...findSource(settings, values, owner !== null),
    version: buildInfo.version,
    platform: `${process.platform}-${process.arch}`,
    executable,
  };
  const end = await runUpdateWorker(order, owner, (line) => {
    if (!isJson) console.log(line);
  });
  if (isJson) console.log(JSON.stringify({ current: order.version, ...end }, null, 2));
  else console.log(describe(order, end));
  return 0;
}

/** What `tintype update` does, step by step. */
export function details(): string {
  return [
    'It reads the release manifest that `update.from` (or --from) names, checks its signature and the',
    'hash of the file, makes a backup and verifies it, lets the new version migrate and serve a copy of',
    'your data, and only then changes over. If anything goes wrong, the version before goes on with the',
    'data as it was; it is kept beside the new one as `tintype.previous`.',
    '',
    '  --check      only look; nothing is changed',
    '  --from FROM  address or path of the manifest, or the folder where release.json lies',
    '  --key KEY    the public key that signs releases, instead of the one that is built in',
    '  --json       an answer for scripts',
  ].join('\n');
}

type End = Awaited<ReturnType<typeof runUpdateWorker>>;

function describe(order: UpdateOrder, { found, installed }: End): string {
  const { version, date, notes, isNewer } = found;
  if (!isNewer) return `Tintype ${order.version} is the newest version.`;
  if (installed === null) {
    const what = `Version ${version} of ${date.slice(0, 10)} is there; this is ${order.version}.`;
    return [what, notes, 'Install it with: tintype update'].filter(Boolean).join('\n\n');
  }
  const end = installed.isServing ? 'The server runs on with it.' : 'Start the server now.';
  return `Version ${version} is installed. ${end} The version before is kept beside it.`;
}

function requireUpdatable(executable: string | null): asserts executable is string {
  if (executable === null) {
    throw new AppError(
      'conflict',
      'This Tintype runs from its source; fetch the newer source and start it again.',
    );
  }
  if (!isContainerImage(executable)) return;
  throw new AppError(
    'conflict',
    'In a container the version belongs to the image: make a backup ("tintype backup create"), fetch the new image and start it on the same data ("docker compose pull", then "docker compose up -d").',
  );
}

/** Where releases are announced, and whose signature counts. */
function findSource(
  { config, origins }: ReturnType<typeof loadSettings>,
  values: Record<string, string | boolean | undefined>,
  isOthers: boolean,
): { from: string; key: string } {
  const said = typeof values.from === 'string' ? parseUpdateFrom(values.from) : config.update;
  if (said === null) {
    throw new AppError(
      'not_found',
      'Nobody said where releases are announced: set update.from, or name a place with --from.',
    );
  }
  // A service could write itself a key into its own file, and have root install what it signed.
  const isInFile = origins.find(({ key }) => key === 'update.from')?.where.endsWith('.toml');
  const isTrusted = !isOthers || values.from !== undefined || isInFile !== true;
  const given = typeof values.key === 'string' ? values.key : isTrusted ? said.key : null;
  const key = given ?? buildInfo.updateKey;
  if (key === null) {
    const why = isTrusted ? '' : ' The one in the file of the service does not count for root.';
    throw new AppError(
      'not_found',
      `This Tintype was built without a key for updates: give it with --key, or after the address in update.from.${why}`,
    );
  }
  return { from: isAddress(said.url) ? said.url : resolve(said.url), key };
}
