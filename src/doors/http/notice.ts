import type { Context } from '#base/context.ts';
import { sameSecret, signText } from '#base/core/secrets.ts';
import { cookie, cookieName, readCookie } from './cookies.ts';
import { requestFacts } from './request-facts.ts';
import { cookieSecret } from './secret.ts';

export type Notice = { kind: 'done' | 'problem'; text: string };

const NAME = 'notice';
const SECONDS = 60;

/** Has a sentence shown once on the next page of this browser (within a minute). */
export function leaveNotice(
  ctx: Pick<Context, 'db' | 'now'>,
  request: Request,
  notice: Notice,
): void {
  const until = ctx.now() + SECONDS * 1000;
  const body = Buffer.from(JSON.stringify([until, notice.kind, notice.text])).toString('base64url');
  const value = `${body}.${signText(cookieSecret(ctx), `${NAME}:${body}`)}`;
  requestFacts(request).cookies.push(cookie(request, NAME, value, SECONDS));
}

/** The sentence that was left for this page, if any; the answer takes its cookie away. */
export function takeNotice(ctx: Pick<Context, 'db' | 'now'>, request: Request): Notice | null {
  const value = readCookie(request, cookieName(request, NAME));
  if (value === null) return null;
  requestFacts(request).cookies.push(cookie(request, NAME, '', 0));
  const [body = '', signature = ''] = value.split('.');
  if (!sameSecret(signature, signText(cookieSecret(ctx), `${NAME}:${body}`))) return null;
  const [until, kind, text] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
    number,
    Notice['kind'],
    string,
  ];
  return until > ctx.now() ? { kind, text } : null;
}
