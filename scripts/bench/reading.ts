import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, read, signIn } from './client.ts';
import { fillPosts } from './fill.ts';
import { withLife } from './life.ts';
import { compareLoads, type Load } from './load.ts';
import { makeFolder } from './processes.ts';
import { type Row, row } from './rows.ts';
import { type BenchServer, makeData, startBare, startServer } from './server.ts';

const HOME = '/api/v1/timelines/home?limit=20';

/** A server with so many posts. */
export type Filled = { posts: number; server: BenchServer; client: Client };

/** Starts a server with `posts` posts in its database. */
export async function startFilled(posts: number): Promise<Filled> {
  const { data, token } = await makeData();
  fillPosts(data, posts);
  const { server } = await startServer(data);
  return { posts, server, client: { url: server.url, token } };
}

/** The home timeline with 1,000 posts and more, all beside one bare server in the same minutes. */
export async function measureHome(filled: Filled[]): Promise<Row[]> {
  const [first] = filled;
  if (!first) return [];
  const body = await (await read(first.client, HOME)).text();
  const bare = await bareOf('json', body);
  const loads: Record<string, Load> = { bare: { url: bare.url, headers: token(first) } };
  for (const each of filled) {
    const found = (await (await read(each.client, HOME)).json()) as unknown[];
    if (found.length !== 20) throw new Error('The home timeline has no 20 posts.');
    loads[each.posts] = { url: each.client.url + HOME, headers: token(each) };
  }
  const rates = await compareLoads(loads);
  await bare.stop();
  const rateOf = ({ posts }: Filled): number => rates[posts] ?? Number.NaN;
  const rows = filled.map((each) => {
    const measured = { ours: rateOf(each), bare: rates.bare ?? Number.NaN };
    const budget = { of: 'ratio', min: 0.1 } as const;
    return row(`home timeline of 20, ${say(each)}`, 'req/s', measured, budget);
  });
  const most = filled.at(-1) ?? first;
  const work = `home timeline, ${say(first)} against ${say(most)}`;
  const ours = rateOf(first) / rateOf(most);
  return [...rows, row(work, 'times', { ours }, { of: 'ours', max: 1.3 })];
}

/** The profile page as HTML: to strangers, to a member, and both while ten posts a second arrive. */
export async function measureProfile(filled: Filled): Promise<Row[]> {
  const { client } = filled;
  const url = `${client.url}/@ann`;
  const bare = await bareOf('html', await (await fetch(url)).text());
  const bareJson = await bareOf('json', await (await read(client, HOME)).text());
  const cookie = await signIn(client.url);
  const loads = {
    bare: { url: bare.url },
    bareJson: { url: bareJson.url, headers: token(filled) },
    stranger: { url },
    member: { url, headers: { cookie } },
    home: { url: client.url + HOME, headers: token(filled) },
  };
  const quiet = await compareLoads(loads);
  const { result: lively, written, stale } = await withLife(client, () => compareLoads(loads));
  await Promise.all([bare.stop(), bareJson.stop()]);
  const name = `profile page (HTML), ${say(filled)}`;
  const budget = { of: 'ours', min: 1000 } as const;
  const measured = (rates: typeof quiet, who: 'stranger' | 'member') => ({
    ours: rates[who],
    bare: rates.bare,
  });
  const home = { ours: lively.home, bare: lively.bareJson };
  return [
    row(`${name}, to strangers`, 'req/s', measured(quiet, 'stranger'), budget),
    row(`${name}, to a member`, 'req/s', measured(quiet, 'member')),
    row('… to strangers, ten new posts a second', 'req/s', measured(lively, 'stranger'), budget),
    row('… to a member, ten new posts a second', 'req/s', measured(lively, 'member')),
    row('home timeline, ten new posts a second', 'req/s', home, { of: 'ratio', min: 0.1 }),
    row(
      `pages that missed one of the ${written} new posts`,
      '',
      { ours: stale },
      {
        of: 'ours',
        max: 0,
      },
    ),
  ];
}

async function bareOf(kind: 'json' | 'html', body: string): Promise<BenchServer> {
  const path = join(makeFolder(), 'body');
  writeFileSync(path, body);
  return (await startBare(kind, path)).server;
}

function token({ client }: Filled): Record<string, string> {
  return { authorization: `Bearer ${client.token}` };
}

function say({ posts }: Filled): string {
  return `${posts.toLocaleString('en')} posts`;
}
