import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publish, read, upload } from './client.ts';
import { compareLoads } from './load.ts';
import { makePhoto } from './photo.ts';
import { makeFolder } from './processes.ts';
import { type Row, row } from './rows.ts';
import { makeData, startBare, startServer } from './server.ts';

/** A photo's file: of a public post as a stranger gets it, and of a post for followers with a token. */
export async function measureMedia(say: (text: string) => void): Promise<Row[]> {
  say('media file');
  const { data, token } = await makeData();
  const { server } = await startServer(data);
  const client = { url: server.url, token };
  const photo = await makePhoto(3, { width: 1024, height: 768, grain: 40 });
  const addressFor = async (visibility: string): Promise<string> => {
    const { id } = await upload(client, photo);
    const post = await publish(client, { status: 'A photo', media_ids: [id], visibility });
    // An app gets the address with its key in it, which opens by itself.
    return (post.media_attachments[0]?.url ?? '').replace(/\/as\/[^/]+\//, '/');
  };
  const open = await addressFor('public');
  const hidden = await addressFor('private');
  const stranger = await fetch(hidden);
  if (stranger.ok) throw new Error('A stranger got the photo of a post for followers.');
  const bytes = new Uint8Array(await (await read(client, hidden)).arrayBuffer());
  const path = join(makeFolder(), 'photo.jpg');
  writeFileSync(path, bytes);
  const bare = await startBare('file', path);
  const headers = { authorization: `Bearer ${token}` };
  const rates = await compareLoads({
    open: { url: open },
    bare: { url: bare.server.url },
    hidden: { url: hidden, headers },
  });
  await bare.server.stop();
  await server.stop();
  const name = `media file of ${Math.round(bytes.length / 1000)} kB`;
  const measured = { ours: rates.open, bare: rates.bare };
  return [
    row(name, 'req/s', measured, { of: 'ratio', min: 0.8 }),
    row(`${name}, for followers only`, 'req/s', { ours: rates.hidden, bare: rates.bare }),
  ];
}
