import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillPosts } from './bench/fill.ts';
import { compareLoads, median, needWrk, requestsPerSecond } from './bench/load.ts';
import { makePhoto } from './bench/photo.ts';
import { atLeast, atMost, printRows, type Row, ratio } from './bench/rows.ts';
import {
  type BenchServer,
  makeData,
  peakMemory,
  removeData,
  residentBytes,
  startBare,
  startServer,
} from './bench/server.ts';

/**
 * `bun run bench [--json] [--quick]`: measures the compiled file against the budgets of the design,
 * each beside a bare program in the same run. `--quick` leaves out the million posts.
 */
const root = join(import.meta.dir, '..');
const json = process.argv.includes('--json');
const quick = process.argv.includes('--quick');
const rows: Row[] = [];
const say = (text: string): void => {
  if (!json) process.stderr.write(`${text}\n`);
};

async function upload(
  server: BenchServer,
  token: string,
  photo: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const form = new FormData();
  form.set('file', new File([photo], 'photo.jpg', { type: 'image/jpeg' }));
  const answer = await fetch(`${server.url}/api/v2/media`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  if (!answer.ok) throw new Error(`Upload: ${answer.status} ${await answer.text()}`);
  const media = (await answer.json()) as { id: string; url: string };
  return media.id;
}

async function publish(server: BenchServer, token: string, mediaId: string): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/statuses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'A photo of the #benchmark', media_ids: [mediaId] }),
  });
  if (!answer.ok) throw new Error(`Publish: ${answer.status} ${await answer.text()}`);
  const status = (await answer.json()) as { media_attachments: { url: string }[] };
  return status.media_attachments[0]?.url ?? '';
}

/** Start time, memory at rest and under uploads, time of one upload against the bare script. */
async function measureUploads(): Promise<void> {
  const { data, token } = await makeData();
  const scratch = mkdtempSync(join(tmpdir(), 'tintype-bench-photos-'));
  const photos = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => makePhoto(seed)));
  const paths = photos.map((photo, index) => {
    const path = join(scratch, `${index}.jpg`);
    writeFileSync(path, photo);
    return path;
  });
  const starts: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const { server, readyMs } = await startServer(data);
    starts.push(readyMs);
    await server.stop();
  }
  rows.push(atMost('start to ready, existing data', median(starts), 400, 'ms'));

  const { server } = await startServer(data);
  await Bun.sleep(5000);
  rows.push(
    atMost('memory, idle on a fresh database', residentBytes(server.pid).server, 90e6, 'bytes'),
  );

  say('uploads, one after another');
  const times: number[] = [];
  const bytes = photos.map((photo) => new Uint8Array(photo));
  await upload(server, token, bytes[0] ?? new Uint8Array());
  for (const photo of bytes) {
    const begun = performance.now();
    await upload(server, token, photo);
    times.push(performance.now() - begun);
  }
  mkdirSync(join(scratch, 'out'));
  const bare = Bun.spawn(
    [
      process.execPath,
      join(root, 'scripts/bench/bare-sharp.ts'),
      join(scratch, 'out'),
      paths[0] ?? '',
      ...paths,
    ],
    { stdout: 'pipe' },
  );
  const bareTimes = (JSON.parse(await new Response(bare.stdout).text()) as number[]).slice(1);
  rows.push(ratio('upload of a 12 MP JPEG', median(times), median(bareTimes), 'ms', { max: 1.3 }));

  say('four uploads at once');
  const peak = await peakMemory(server.pid, () =>
    Promise.all(bytes.slice(0, 4).map((photo) => upload(server, token, photo))),
  );
  rows.push(atMost('memory of all processes, 4 parallel 12 MP', peak.all, 250e6, 'bytes'));

  say('200 uploads');
  const small = new Uint8Array(await makePhoto(9, 1600, 1200));
  let url = '';
  for (let index = 0; index < 200; index += 1) {
    url = await publish(server, token, await upload(server, token, small));
  }
  await Bun.sleep(2000);
  rows.push(
    atMost('memory after 200 uploads and posts', residentBytes(server.pid).server, 130e6, 'bytes'),
  );

  await measureMediaFile(server, url);
  await server.stop();
  removeData(data);
  rmSync(scratch, { recursive: true, force: true });
}

async function measureMediaFile(server: BenchServer, url: string): Promise<void> {
  say('media file');
  const address = url.replace(/^https?:\/\/[^/]+/, server.url);
  const answer = await fetch(address);
  const path = join(tmpdir(), `tintype-bench-file-${process.pid}`);
  writeFileSync(path, new Uint8Array(await answer.arrayBuffer()));
  const size = readFileSync(path).byteLength;
  const bare = await startBare('bare-server.ts', ['file', path]);
  const rates = await compareLoads({ url: address }, { url: bare.url });
  rows.push(
    ratio(`media file of ${Math.round(size / 1000)} kB`, rates.ours, rates.bare, 'req/s', {
      min: 0.8,
    }),
  );
  await bare.stop();
  rmSync(path);
}

/** Home timeline and profile page with `posts` posts in the database; answers the home rate. */
async function measureReading(posts: number): Promise<number> {
  say(`reading with ${posts} posts`);
  const { data, token } = await makeData();
  fillPosts(data, posts);
  const { server } = await startServer(data);
  const headers = { authorization: `Bearer ${token}` };
  const home = `${server.url}/api/v1/timelines/home?limit=20`;
  const body = await (await fetch(home, { headers })).text();
  if ((JSON.parse(body) as unknown[]).length !== 20)
    throw new Error('The home timeline has no 20 posts.');
  const path = join(tmpdir(), `tintype-bench-home-${process.pid}.json`);
  writeFileSync(path, body);
  const bare = await startBare('bare-server.ts', ['json', path]);
  const rates = await compareLoads({ url: home, headers }, { url: bare.url, headers });
  rows.push(
    ratio(
      `home timeline of 20, ${posts.toLocaleString('en')} posts`,
      rates.ours,
      rates.bare,
      'req/s',
      { min: 0.1 },
    ),
  );
  const profile = await requestsPerSecond({ url: `${server.url}/@ann` });
  rows.push(atLeast(`profile page (HTML), ${posts.toLocaleString('en')} posts`, profile, 1000));
  await bare.stop();
  await server.stop();
  removeData(data);
  rmSync(path);
  return rates.ours;
}

await needWrk();
await measureUploads();
const thousand = await measureReading(1_000);
await measureReading(100_000);
if (!quick) {
  const million = await measureReading(1_000_000);
  rows.push(
    ratio('home timeline, 1,000 against 1,000,000 posts', thousand, million, 'req/s', { max: 1.3 }),
  );
}
process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : `${printRows(rows)}\n`);
