import { loadavg } from 'node:os';
import { join } from 'node:path';
import { measureApi } from './bench/api.ts';
import { measureAppliance } from './bench/appliance.ts';
import { measureBlocks } from './bench/blocks.ts';
import { measureInbound } from './bench/inbound.ts';
import { measureMedia } from './bench/media.ts';
import { needWrk } from './bench/need-wrk.ts';
import { measureOutbound } from './bench/outbound.ts';
import { cleanUpAtExit } from './bench/processes.ts';
import { measureHome, measureProfile, startFilled } from './bench/reading.ts';
import { printRows, type Row } from './bench/rows.ts';
import { measureUploads } from './bench/uploads.ts';

/**
 * `bun run bench [--json] [--quick] [--only NAME]`: measures the executable against the budgets of
 * the design, each beside a bare program in the same run. `--quick` leaves out the million posts;
 * the parts are uploads, media, reading, api, appliance and federation.
 */
const json = process.argv.includes('--json');
const quick = process.argv.includes('--quick');
const at = process.argv.indexOf('--only');
const only = at === -1 ? null : process.argv[at + 1];
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function measureReading(): Promise<Row[]> {
  const sizes = quick ? [1_000, 100_000] : [1_000, 100_000, 1_000_000];
  const filled = [];
  for (const posts of sizes) {
    say(`a server with ${posts.toLocaleString('en')} posts`);
    filled.push(await startFilled(posts));
  }
  say('home timeline');
  const rows = await measureHome(filled);
  const most = filled.pop();
  for (const { server } of filled) await server.stop();
  if (!most) return rows;
  say('profile page');
  rows.push(...(await measureProfile(most)));
  say('pings under load');
  rows.push(...(await measureBlocks(most)));
  await most.server.stop();
  return rows;
}

const parts = {
  uploads: () => measureUploads(say),
  media: () => measureMedia(say),
  reading: measureReading,
  api: () => measureApi(say, { quick }),
  appliance: () => measureAppliance(say, { quick }),
  federation: async () => [
    ...(await measureInbound(say, { quick })),
    ...(await measureOutbound(say)),
  ],
};

cleanUpAtExit();
await needWrk();
if (process.env.TINTYPE_BINARY === undefined) {
  // Only the table goes to stdout.
  const build = [process.execPath, join(import.meta.dir, 'build.ts')];
  if ((await Bun.spawn(build, { stdout: 2, stderr: 2 }).exited) !== 0) process.exit(1);
}
const load = loadavg()[0] ?? 0;
if (load > 0.5) say(`The machine has other work (load ${load.toFixed(2)}): take the ratios.`);
const rows: Row[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (only === null || only === name) rows.push(...(await measure()));
}
process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : `${printRows(rows)}\n`);
process.exit(rows.some(({ ok }) => ok === false) ? 1 : 0);
