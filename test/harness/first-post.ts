import { type Home, type Running, runVerb } from './binary.ts';
import { dirtyJpeg } from './dirty-pictures.ts';
import { sharp } from './pictures.ts';

/** What a stranger can reach after the first post. */
export type FirstPost = { token: string; statusId: string; page: string; mediaUrl: string };

/** Makes an owner on the command line, uploads one photo with a position, publishes it in public. */
export async function firstPost(home: Home, server: Running): Promise<FirstPost> {
  const data = ['--data', home.data];
  const verb = async (args: string[], stdin = ''): Promise<string> => {
    const ended = await runVerb(home, [...args, ...data], { stdin });
    if (ended.code !== 0) throw new Error(`tintype ${args.join(' ')}: ${ended.stderr}`);
    return ended.stdout.trim();
  };
  await verb(
    ['account', 'create', 'ann', '--email', 'ann@example.org', '--owner', '--password-stdin'],
    'correct horse battery\n',
  );
  const token = await verb(['account', 'token', 'ann', '--scopes', 'read write']);
  const authorization = `Bearer ${token}`;

  const form = new FormData();
  const noise = { type: 'gaussian', mean: 120, sigma: 30 } as const;
  const picture = sharp({
    create: { width: 480, height: 360, channels: 3, background: '#678', noise },
  });
  form.append('file', new Blob([new Uint8Array(await dirtyJpeg(picture))]), 'IMG_0001.JPG');
  form.append('description', 'Grain');
  const media = await json(`${server.url}/api/v2/media`, {
    method: 'POST',
    headers: { authorization },
    body: form,
  });
  const status = await json(`${server.url}/api/v1/statuses`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'one' },
    body: JSON.stringify({
      status: 'The first #light',
      media_ids: [media.id],
      visibility: 'public',
    }),
  });
  const [attachment] = status.media_attachments as { url: string }[];
  return {
    token,
    statusId: String(status.id),
    page: `${server.url}/@ann/${status.id}`,
    mediaUrl: String(attachment?.url),
  };
}

async function json(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${init.method} ${url}: ${answer.status} ${text}`);
  return JSON.parse(text);
}
