import { type Client, publish, read } from './client.ts';

/** Milliseconds from one post to the next. */
const PAUSE = 100;

/**
 * Publishes ten posts a second while `work` runs and looks after each, as a stranger and as the
 * owner, whether the pages know of it. Gives how many were published and how many looks were stale.
 */
export async function withLife<T>(
  client: Client,
  work: () => Promise<T>,
): Promise<{ result: T; written: number; stale: number }> {
  let done = false;
  let written = 0;
  let stale = 0;
  const live = async (): Promise<void> => {
    while (!done) {
      const next = Bun.sleep(PAUSE);
      const { id } = await publish(client, { status: `Post number ${written}` });
      written += 1;
      const [newest] = (await (await read(client, '/api/v1/timelines/home?limit=1')).json()) as {
        id: string;
      }[];
      const profile = await (await fetch(`${client.url}/@ann`)).text();
      const account = await read(client, '/api/v1/accounts/verify_credentials');
      const { statuses_count: count } = (await account.json()) as { statuses_count: number };
      if (newest?.id !== id || !profile.includes(`>${count} posts<`)) stale += 1;
      await next;
    }
  };
  const life = live();
  try {
    return { result: await work(), written, stale };
  } finally {
    done = true;
    await life;
  }
}
