import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { read } from './client.ts';
import { fillPosts } from './fill.ts';
import { type ForApps, fillForApps } from './fill-for-apps.ts';
import { compareLoads } from './load.ts';
import { makeFolder } from './processes.ts';
import { type Row, row } from './rows.ts';
import { makeData, startBare, startServer } from './server.ts';

/** What apps ask for all day; each answer is held against a bare server that returns the same bytes. */
const asked = ({ owner, post }: ForApps): Record<string, string> => ({
  'home timeline of 20': '/api/v1/timelines/home?limit=20',
  'public timeline of 20': '/api/v1/timelines/public?limit=20',
  'photos of an account, 20': `/api/v1/accounts/${owner}/statuses?only_media=true&limit=20`,
  'hashtag timeline of 20': '/api/v1/timelines/tag/walk?limit=20',
  'one status': `/api/v1/statuses/${post}`,
  'context with 100 comments': `/api/v1/statuses/${post}/context`,
  'notifications, 20': '/api/v1/notifications?limit=20',
  instance: '/api/v2/instance',
  'search, a word of every post': '/api/v2/search?q=river&type=statuses&limit=20',
  'search, a rare word': '/api/v2/search?q=777&type=statuses&limit=20',
});

/** The client API with a thousand posts and a million. */
export async function measureApi(
  say: (text: string) => void,
  { quick }: { quick: boolean },
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const posts of quick ? [1_000] : [1_000, 1_000_000]) {
    say(`the client API with ${posts.toLocaleString('en')} posts`);
    rows.push(...(await measureOne(posts)));
  }
  return rows;
}

async function measureOne(posts: number): Promise<Row[]> {
  const { data, token } = await makeData();
  fillPosts(data, posts);
  const addresses = asked(fillForApps(data));
  const { server } = await startServer(data);
  const headers = { authorization: `Bearer ${token}` };
  const rows: Row[] = [];
  for (const [work, path] of Object.entries(addresses)) {
    const answer = await read({ url: server.url, token }, path);
    const body = await answer.text();
    if (!answer.ok || body === '[]') throw new Error(`${path}: ${answer.status} ${body}`);
    const file = join(makeFolder(), 'body');
    writeFileSync(file, body);
    const { server: bare } = await startBare('json', file);
    const loads = { bare: { url: bare.url, headers }, ours: { url: server.url + path, headers } };
    const { ours, bare: plain } = await compareLoads(loads, 3);
    await bare.stop();
    rows.push(row(`${work}, ${posts.toLocaleString('en')} posts`, 'req/s', { ours, bare: plain }));
  }
  await server.stop();
  return rows;
}
