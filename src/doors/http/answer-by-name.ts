import type { Context } from '#base/context.ts';
import { originOf } from '#domain/origin.ts';
import { requestFacts } from './request-facts.ts';

const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
const TEXTS = ['text/html', 'application/json', 'application/atom+xml'];

/**
 * On a server that was not told its address (a first try), writes addresses with the name it was
 * asked by, so that a phone on the same network sees the photos of `http://192.168.1.5:8080` too.
 * With `origin` set the answer stays as it is, and so does every answer to `localhost`.
 */
export async function answerByName(
  ctx: Pick<Context, 'config'>,
  request: Request,
  response: Response,
): Promise<Response> {
  if (ctx.config.origin !== null || response.body === null) return response;
  const host = request.headers.get('host') ?? '';
  const own = originOf(ctx.config);
  const asked = `${requestFacts(request).secure ? 'https' : 'http'}://${host}`;
  if (asked === own || !HOST.test(host)) return response;
  const type = response.headers.get('content-type') ?? '';
  if (!TEXTS.some((each) => type.startsWith(each))) return response;
  const headers = new Headers(response.headers);
  const link = headers.get('link');
  if (link !== null) headers.set('link', link.replaceAll(`${own}/`, `${asked}/`));
  const text = await response.text();
  return new Response(text.replaceAll(`${own}/`, `${asked}/`), {
    status: response.status,
    headers,
  });
}
