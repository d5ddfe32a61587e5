import { password } from './server.ts';

/** Who asks which server. */
export type Client = { url: string; token: string };

type Attachment = { id: string; url: string };

/** Uploads a photo as an app does; its id and the address of its large rendition. */
export async function upload(client: Client, photo: Uint8Array<ArrayBuffer>): Promise<Attachment> {
  const form = new FormData();
  form.set('file', new File([photo], 'photo.jpg', { type: 'image/jpeg' }));
  return await post<Attachment>(client, '/api/v2/media', form);
}

/** Publishes a post; its id and the addresses of its photos. */
export async function publish(
  client: Client,
  status: { status: string; media_ids?: string[]; visibility?: string },
): Promise<{ id: string; media_attachments: Attachment[] }> {
  return await post(client, '/api/v1/statuses', JSON.stringify(status), 'application/json');
}

/** What a GET answers, with the token; throws unless it is 2xx. */
export async function read(client: Client, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${client.token}` };
  const answer = await fetch(new URL(path, client.url), { headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** Signs the owner in through the page; the cookie of her browser. */
export async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    headers: { origin: url, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ username: 'ann', password, next: '/' }),
    redirect: 'manual',
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`The sign-in answered ${answer.status}.`);
  return cookie;
}

async function post<T>(
  client: Client,
  path: string,
  body: BodyInit,
  contentType?: string,
): Promise<T> {
  const headers = {
    authorization: `Bearer ${client.token}`,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  };
  const answer = await fetch(`${client.url}${path}`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
