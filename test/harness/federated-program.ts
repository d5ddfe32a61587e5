import { program } from './program.ts';

/** Starts a server that speaks with others on loopback, in a process that a test may kill; ready when it resolves. */
export async function startFederatedProgram(data: string, port: number, origin: string) {
  const child = Bun.spawn(
    [
      ...program,
      ...['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--origin', origin],
      ...['--federation-allow-addresses', '127.0.0.0/8', '--rates', 'off'],
    ],
    { stdout: 'ignore', stderr: 'ignore', env: {} },
  );
  for (let tries = 0; tries < 1000; tries += 1) {
    if (child.exitCode !== null) throw new Error('The server ended at its start.');
    const answer = await fetch(`${origin}/readyz`).catch(() => null);
    if (answer?.ok) return child;
    await Bun.sleep(20);
  }
  throw new Error('The server was never ready.');
}
