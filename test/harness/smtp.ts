import { createServer, type Socket } from 'node:net';

/** What a mail server was handed: addresses of the envelope, and the letter as it came. */
export type ReceivedLetter = { from: string; to: string[]; data: string; user: string | null };

export type SmtpServer = {
  port: number;
  letters: ReceivedLetter[];
  /** Every line that was said to it, with those of a sign-in. */
  lines: string[];
  close(): Promise<void>;
};

/** How it misbehaves: `silent` never greets, `refuse` takes no receiver, `login` wants this password. */
export type SmtpMood = { silent?: boolean; refuse?: string; login?: string };

/** A mail server (RFC 5321, as much of it as a letter needs) on 127.0.0.1 and a free port. */
export async function createSmtpServer(mood: SmtpMood = {}): Promise<SmtpServer> {
  const letters: ReceivedLetter[] = [];
  const lines: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    if (!mood.silent) converse(socket, mood, letters, lines);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    letters,
    lines,
    close: () =>
      new Promise((done) => {
        for (const socket of open) socket.destroy();
        server.close(() => done());
      }),
  };
}

function converse(socket: Socket, mood: SmtpMood, letters: ReceivedLetter[], lines: string[]) {
  let letter: ReceivedLetter = { from: '', to: [], data: '', user: null };
  let body: string[] | null = null;
  let rest = '';
  const say = (text: string) => socket.write(`${text}\r\n`);
  const hear = (line: string) => {
    if (body !== null) {
      if (line !== '.') return void body.push(line.replace(/^\.\./, '.'));
      letters.push({ ...letter, data: body.join('\n') });
      letter = { from: '', to: [], data: '', user: letter.user };
      body = null;
      return say('250 taken');
    }
    lines.push(line);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return say(mood.login ? '250-hello\r\n250 AUTH PLAIN' : '250 hello');
    if (verb === 'STAR') return say('502 no TLS here');
    if (verb === 'AUTH') {
      const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0');
      letter.user = user ?? null;
      return say(password === mood.login ? '235 in' : `535 ${password} is not the password`);
    }
    if (verb === 'MAIL') letter.from = line.slice(10);
    if (verb === 'RCPT') {
      if (mood.refuse) return say(`550 ${mood.refuse} ${line}`);
      letter.to.push(/<(.*)>/.exec(line)?.[1] ?? '');
    }
    if (verb === 'DATA') {
      body = [];
      return say('354 go on');
    }
    if (verb === 'QUIT') return void socket.end('221 bye\r\n');
    return say('250 ok');
  };
  socket.on('data', (chunk) => {
    const all = (rest + chunk).split('\r\n');
    rest = all.pop() ?? '';
    for (const line of all) hear(line);
  });
  say('220 a test');
}
