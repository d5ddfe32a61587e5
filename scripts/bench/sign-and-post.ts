import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { promisify } from 'node:util';

/** `sign-and-post.ts FILE COUNT PORT HOSTS`: the bare loop: signs the body in FILE and posts it, 48 at a time; prints milliseconds. */
const [path = '', count = '500', port = '0', hosts = '50'] = process.argv.slice(2);
const AT_ONCE = 48;
const signBytes = promisify(sign);
const body = await Bun.file(path).text();
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

async function post(number: number): Promise<void> {
  const url = new URL(
    `http://127.0.0.${2 + (number % Number(hosts))}:${port}/users/f${number}/inbox`,
  );
  const date = new Date().toUTCString();
  const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
  const type = 'application/activity+json';
  const text = [
    `(request-target): post ${url.pathname}`,
    `host: ${url.host}`,
    `date: ${date}`,
    `digest: ${digest}`,
    `content-type: ${type}`,
  ].join('\n');
  const signature = (await signBytes('sha256', Buffer.from(text), privateKey)).toString('base64');
  const headers = {
    date,
    digest,
    'content-type': type,
    signature: `keyId="http://127.0.0.1/users/ann#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",signature="${signature}"`,
  };
  const answer = await fetch(url, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  if (answer.status !== 202) throw new Error(`The answer was ${answer.status}.`);
}

async function round(): Promise<number> {
  const begun = performance.now();
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < Number(count)) await post(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return performance.now() - begun;
}

// Once without a look: code that has just started is still being compiled.
await round();
console.log(await round());
