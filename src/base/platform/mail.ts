import type { Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import type { Log } from './log.ts';

/** One message of plain text to one person. */
export type Letter = { to: string; subject: string; text: string };

const CONNECT = 15_000;
const SILENCE = 30_000;
/** Milliseconds for the whole of it, whatever the mail server does. */
const DEADLINE = 60_000;
const LONGEST_SUBJECT = 200;
const LONGEST_TEXT = 100_000;

/**
 * Hands one letter to the mail server of `mail.url`. A password goes over TLS alone, unless the
 * server is on this machine. Throws `unavailable` with what to look at; neither the error nor the
 * log names the password or the receiver. `deadline` in milliseconds is for tests.
 */
export async function sendMail(
  ctx: { config: Pick<Config, 'mail'>; log: Log },
  letter: Letter,
  deadline = DEADLINE,
): Promise<void> {
  const { mail } = ctx.config;
  if (mail === null) {
    throw new AppError(
      'unavailable',
      'Mail is not set up: set mail.url to the address of a server.',
    );
  }
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ ...howToReach(new URL(mail.url)), ...LIMITS });
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('it took too long')), deadline);
  try {
    const sent = transport.sendMail({
      from: mail.from,
      to: { name: '', address: letter.to },
      subject: oneLine(letter.subject).slice(0, LONGEST_SUBJECT),
      text: letter.text.slice(0, LONGEST_TEXT),
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    await Promise.race([sent, late.promise]);
    ctx.log.info('A letter was handed to the mail server.', { server: new URL(mail.url).host });
  } catch (error) {
    throw explain(error, new URL(mail.url), letter);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

const LIMITS = {
  connectionTimeout: CONNECT,
  greetingTimeout: CONNECT,
  socketTimeout: SILENCE,
  dnsTimeout: CONNECT,
  // A letter is its text: nothing of this machine or of the network is put into it.
  disableFileAccess: true,
  disableUrlAccess: true,
} as const;

function howToReach(url: URL) {
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const auth =
    url.username === ''
      ? {}
      : {
          auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
          requireTLS: !secure && !isHere(host),
        };
  return { host, port: Number(url.port) || (secure ? 465 : 587), secure, ...auth };
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What the server answered helps, so it is kept; what it may have repeated of ours is not. */
function explain(error: unknown, url: URL, letter: Letter): AppError {
  const said = oneLine(error instanceof Error ? error.message : String(error)).slice(0, 300);
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
  const user = decodeURIComponent(url.username);
  const hidden = [decodeURIComponent(url.password), url.password, user, letter.to];
  const clean = hidden
    .filter((text) => text !== '')
    .reduce((text, secret) => text.replaceAll(secret, '…'), said);
  return new AppError(
    'unavailable',
    `The mail server ${url.host} did not take the letter: ${clean}${code}. Look at mail.url.`,
  );
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim();
}
