import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, publish, read, upload } from './client.ts';
import { median } from './load.ts';
import { type Memory, peakMemory, residentBytes } from './memory.ts';
import { makePhoto } from './photo.ts';
import { makeFolder, startProcess } from './processes.ts';
import { type Row, row } from './rows.ts';
import { makeData, startBare, startServer } from './server.ts';

const STARTS = 7;
const UPLOADS = 200;
/** Milliseconds after which an idle server has given back what its start needed. */
const SETTLE = 5000;

/** Start time, memory at rest and under uploads, time of one upload against the bare script. */
export async function measureUploads(say: (text: string) => void): Promise<Row[]> {
  const { data, token } = await makeData();
  const folder = makeFolder();
  const photos = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((seed) => makePhoto(seed)));
  const rows = [await measureStart(data, folder)];

  const { server } = await startServer(data);
  const client = { url: server.url, token };
  const bare = await startBare('json', join(folder, 'bare'));
  await Bun.sleep(SETTLE);
  const idle = { ours: residentBytes(server.pid).server, bare: residentBytes(bare.server.pid).all };
  await bare.server.stop();
  rows.push(row('memory, idle on a fresh database', 'bytes', idle, { of: 'ours', max: 90e6 }));

  say('uploads, each beside the bare script');
  const sizes = photos.map((photo) => photo.length / 1e6);
  const work = `upload of a 12 MP JPEG of ${median(sizes).toFixed(1)} MB`;
  const times = await compareUploads(client, photos, folder);
  rows.push(row(work, 'ms', times, { of: 'ratio', max: 1.3 }));

  say('four uploads at once');
  const peaks: Memory[] = [];
  for (let round = 0; round < 3; round += 1) {
    const four = () => Promise.all(photos.slice(0, 4).map((photo) => upload(client, photo)));
    peaks.push(await peakMemory(server.pid, four));
  }
  const peak = { ours: Math.max(...peaks.map(({ all }) => all)) };
  const once = { ours: Math.max(...peaks.map(({ once }) => once)) };
  const peakName = 'memory of all processes, 4 parallel 12 MP';
  rows.push(row(peakName, 'bytes', peak, { of: 'ours', max: 250e6 }));
  rows.push(row('… with the pages that they share counted once', 'bytes', once));

  say(`${UPLOADS} uploads and posts`);
  const photo = await makePhoto(9, { width: 1600, height: 1200 });
  for (let index = 0; index < UPLOADS; index += 1) {
    const { id } = await upload(client, photo);
    await publish(client, { status: 'A photo of the #benchmark', media_ids: [id] });
  }
  await Bun.sleep(SETTLE);
  const after = { ours: residentBytes(server.pid).server };
  const afterName = `memory after ${UPLOADS} uploads and posts`;
  rows.push(row(afterName, 'bytes', after, { of: 'ours', max: 130e6 }));
  await server.stop();
  return rows;
}

async function measureStart(data: string, folder: string): Promise<Row> {
  const path = join(folder, 'bare');
  writeFileSync(path, '{}');
  const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let round = 0; round < STARTS; round += 1) {
    for (const [name, begin] of [
      ['ours', () => startServer(data)],
      ['bare', () => startBare('json', path)],
    ] as const) {
      const { server, readyMs } = await begin();
      times[name].push(readyMs);
      await server.stop();
    }
  }
  const measured = { ours: median(times.ours), bare: median(times.bare) };
  return row('start to ready, existing data', 'ms', measured, { of: 'ours', max: 400 });
}

/** The same photos through the server and through the script in turn; the files must be the same. */
async function compareUploads(
  client: Client,
  photos: Uint8Array<ArrayBuffer>[],
  folder: string,
): Promise<{ ours: number; bare: number }> {
  const out = join(folder, 'out');
  mkdirSync(out);
  const script = join(import.meta.dir, 'bare-sharp.ts');
  const command = [process.execPath, script, out];
  const child = startProcess(command, { stdin: 'pipe', stdout: 'pipe' });
  const answers = (child.stdout as ReadableStream<Uint8Array>).getReader();
  const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (const [index, photo] of photos.entries()) {
    const path = join(folder, `${index}.jpg`);
    writeFileSync(path, photo);
    const begun = performance.now();
    const { id, url } = await upload(client, photo);
    const ours = performance.now() - begun;
    if (typeof child.stdin === 'object') child.stdin.write(`${path}\n`);
    const bare = Number(new TextDecoder().decode((await answers.read()).value));
    await demandSameFiles(client, id, url, out);
    // The first starts the worker and warms the script.
    if (index > 0) times.ours.push(ours);
    if (index > 0) times.bare.push(bare);
  }
  child.kill();
  return { ours: median(times.ours), bare: median(times.bare) };
}

async function demandSameFiles(
  client: Client,
  id: string,
  url: string,
  folder: string,
): Promise<void> {
  const large = new Uint8Array(await (await read(client, url)).arrayBuffer());
  if (!readFileSync(join(folder, 'large')).equals(large)) {
    throw new Error(`The bare script makes another large file than the server (photo ${id}).`);
  }
}
