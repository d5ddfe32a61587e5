import { createInterface } from 'node:readline';

/** What every app of these tests talks to. */
export const ORIGIN = 'https://photos.test';

/** Where the browser of the test sends people back to. */
export const REDIRECT = 'myapp://signed-in';

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Asks the test to play the browser: `as` lets the app in at this address; answers the code. */
export async function signInAt(address: string, as: string): Promise<string> {
  say({ authorize: address, as });
  const { value } = await answers.next();
  const code = /[?&]code=([^&]+)/.exec(String(value))?.[1];
  if (code === undefined) throw new Error(`No code: ${value}`);
  return code;
}

/** One step of a journey; a failure is told, and the journey goes on with what is possible. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('took longer than 10 s')), 10_000);
  });
  try {
    const result = await Promise.race([work(), limit]);
    say({ done: name });
    return result;
  } catch (error) {
    say({ failed: name, error: describe(error) });
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): string {
  const answer = (error as { response?: { status?: number; data?: unknown } }).response;
  const more = answer?.data === undefined ? '' : ` ${answer.status} ${JSON.stringify(answer.data)}`;
  return `${error instanceof Error ? error.stack : JSON.stringify(error)}${more}`;
}

/** Ends the process: libraries leave sockets and timers behind. */
export function finish(): never {
  process.exit(0);
}

/** A picture of its own: a small PNG, so that no app needs an encoder. */
export function smallPicture(): Uint8Array<ArrayBuffer> {
  const base64 =
    'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAABlklEQVR42g3LQQEAIQgAQSMYwQhGMAIRiMBzn0YwghGIQAQiEMEId/Of1hq9MRqzsRrS0IY1duM0bsMb0chGNV6jtU7vjM7srI50tGOd3Tmd2/FOdLJTndf/MOiDMZiDNZCBDmywB2dwBz6IQQ5q8MYfJn0yJnOyJjLRiU325EzuxCcxyUlN3vzDoi/GYi7WQha6sMVenMVd+CIWuajFW38QujCEKSxBBBVM2MIRruBCCCmU8OQPSleGMpWliKKKKVs5ylVcCSWVUp7+wejGMKaxDDHUMGMbx7iGG2GkUcazP2z6ZmzmZm1koxvb7M3Z3I1vYpOb2rz9h0M/jMM8rIMc9GCHfTiHe/BDHPJQh3f+cOmXcZmXdZGLXuyyL+dyL36JS17q8u4fnO4MZzrLEUcdc7ZznOu4E0465Tz/Q9CDEcxgBRJoYMEOTnADDyLIoIIXf0h6MpKZrEQSTSzZyUlu4kkkmVTy8g9FL0Yxi1VIoYUVuzjFLbyIIosqXv3h0R/jMR/rIQ992GM/zuM+/BGPfNTjPT5PTmgQ3NHrsgAAAABJRU5ErkJggg==';
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
