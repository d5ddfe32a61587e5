import { afterEach, expect, test } from 'bun:test';
import { createLog } from '#base/platform/log.ts';
import { sendMail } from '#base/platform/mail.ts';
import { createSmtpServer, type SmtpMood, type SmtpServer } from '#test/harness/smtp.ts';

let server: SmtpServer | null = null;
const lines: string[] = [];
const log = createLog('debug', (line) => lines.push(line));
const letter = { to: 'ada@example.org', subject: 'Grüße', text: 'The backup\n.\nfailed.' };
const from = 'photos@example.org';

afterEach(async () => {
  await server?.close();
  lines.length = 0;
});

async function reach(mood: SmtpMood = {}, login = ''): Promise<{ url: string; from: string }> {
  server = await createSmtpServer(mood);
  return { url: `smtp://${login}127.0.0.1:${server.port}`, from };
}

test('a letter arrives with its words, its sender and its receiver', async () => {
  const mail = await reach();
  await sendMail({ config: { mail }, log }, letter);
  const [got] = server?.letters ?? [];
  expect(got?.from).toContain('photos@example.org');
  expect(got?.to).toEqual(['ada@example.org']);
  expect(got?.data).toContain('The backup\n.\nfailed.');
  expect(got?.data).toContain('Auto-Submitted: auto-generated');
});

test('a subject with line breaks adds no header, and a long text is cut', async () => {
  const mail = await reach();
  const subject = 'Hello\r\nBcc: eve@example.org';
  await sendMail({ config: { mail }, log }, { ...letter, subject, text: 'x '.repeat(200_000) });
  const [got] = server?.letters ?? [];
  expect(got?.to).toEqual(['ada@example.org']);
  expect(got?.data).not.toMatch(/^Bcc:/m);
  expect(got?.data.length).toBeLessThan(150_000);
});

test('signing in works, and a wrong password is not repeated to anybody', async () => {
  const mail = await reach({ login: 'se/cret' }, 'me:se%2Fcret@');
  await sendMail({ config: { mail }, log }, letter);
  expect(server?.letters[0]?.user).toBe('me');
  await server?.close();
  const wrong = await reach({ login: 'another' }, 'me:se%2Fcret@');
  const refused = sendMail({ config: { mail: wrong }, log }, letter);
  const error = await refused.catch((reason: Error) => reason);
  expect(String(error)).toContain('did not take the letter');
  expect(String(error)).toContain('mail.url');
  expect(`${error}${lines.join()}`).not.toContain('se/cret');
});

test('neither the log nor the error of a refused letter names the receiver', async () => {
  const mail = await reach({ refuse: 'unknown' });
  const error = await sendMail({ config: { mail }, log }, letter).catch((reason: Error) => reason);
  expect(String(error)).toContain('550 unknown');
  expect(`${error}${lines.join()}`).not.toContain('ada@');
});

test('a password never leaves for another machine without TLS', async () => {
  server = await createSmtpServer({ login: 'secret' });
  // A name that is not on the list of this machine, though it leads here.
  const mail = { url: `smtp://me:secret@0.0.0.0:${server.port}`, from };
  await expect(sendMail({ config: { mail }, log }, letter)).rejects.toThrow('did not take');
  expect(server.lines.join()).not.toContain('AUTH');
  expect(server.letters).toEqual([]);
});

test('a mail server that says nothing is given up', async () => {
  const mail = await reach({ silent: true });
  await expect(sendMail({ config: { mail }, log }, letter, 80)).rejects.toThrow('too long');
});
