import {
  createTestApp,
  type Person,
  type TestApp,
  type TestAppOptions,
} from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

/** A frame of a stream, with its payload read where that is JSON. */
export type Frame = { stream: string[]; event: string; payload: unknown; error?: string };

/** A server that listens on a real port. */
export type StreamWorld = TestApp & { url: string; port: number };

/** Opens a server on loopback; `close` ends it. */
export async function createStreamWorld(options: TestAppOptions = {}): Promise<StreamWorld> {
  const app = await createTestApp(options);
  const { url } = await app.app.start();
  return { ...app, url, port: Number(new URL(url).port) };
}

/** A WebSocket that remembers what it hears. */
export type Ear = {
  frames: Frame[];
  socket: WebSocket;
  /** Resolves with the close code. */
  closed: Promise<number>;
  say(line: unknown): void;
  /** The first frame that fits, waiting for it if need be. */
  heard(fits: (frame: Frame) => boolean, patience?: number): Promise<Frame>;
  /** The events so far, once what waits was told. */
  events(): string[];
};

type How = {
  token?: string;
  protocol?: string;
  query?: string;
  headers?: Record<string, string>;
};

/** Opens a WebSocket; rejects with the status of a refusal, as far as the client tells. */
export async function listen(world: StreamWorld, how: How = {}): Promise<Ear> {
  const address = `${world.url.replace('http', 'ws')}/api/v1/streaming${how.query ?? ''}`;
  const headers = {
    ...(how.token === undefined ? {} : { authorization: `Bearer ${how.token}` }),
    ...how.headers,
  };
  const protocols = how.protocol === undefined ? {} : { protocols: [how.protocol] };
  // Headers are an option of Bun's that the types of browsers do not know.
  const options = { headers, ...protocols } as unknown as string[];
  const socket = new WebSocket(address, options);
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  socket.addEventListener('message', ({ data }) => {
    frames.push(readFrame(String(data)));
    for (const look of waiting) look();
  });
  const { promise: closed, resolve: close } = Promise.withResolvers<number>();
  socket.addEventListener('close', ({ code }) => close(code));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('The server refused.')));
  });
  const heard = (fits: (frame: Frame) => boolean, patience = 3000) =>
    new Promise<Frame>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`Not heard; only ${JSON.stringify(frames).slice(0, 500)}`));
      }, patience);
      const look = () => {
        const frame = frames.find(fits);
        if (!frame) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(frame);
      };
      waiting.add(look);
      look();
    });
  return {
    frames,
    socket,
    closed,
    say: (line) => socket.send(JSON.stringify(line)),
    heard,
    events: () => frames.map((frame) => frame.event),
  };
}

function readFrame(text: string): Frame {
  const frame = JSON.parse(text) as Omit<Frame, 'payload'> & { payload?: string };
  const { payload } = frame;
  if (payload === undefined) return { ...frame, payload: null };
  return { ...frame, payload: payload.startsWith('{') ? JSON.parse(payload) : payload };
}

/** Listens to one stream, sure that the server knows. */
export async function listenTo(
  world: StreamWorld,
  person: Person,
  wish: { stream: string; tag?: string; list?: string },
): Promise<Ear> {
  const ear = await listen(world, { token: person.token });
  ear.say({ type: 'subscribe', ...wish });
  await settled(ear);
  return ear;
}

/** Resolves when the server has read what was said so far: it answers nonsense with an error. */
export async function settled(ear: Ear): Promise<void> {
  const before = ear.frames.filter((frame) => frame.error === 'Unknown message type').length;
  ear.say({ type: 'nonsense' });
  await ear.heard(
    () => ear.frames.filter((frame) => frame.error === 'Unknown message type').length > before,
  );
}

/** What an ear has heard of posts, by the words in them. */
export async function wordsHeard(world: StreamWorld, ear: Ear): Promise<string[]> {
  await Bun.sleep(0);
  await settled(ear);
  void world;
  return ear.frames.flatMap(({ event, payload }) => {
    if (event !== 'update' && event !== 'status.update') return [];
    return [(payload as { content_text: string }).content_text];
  });
}

/** Makes one account follow another, as accepted. */
export async function follow(world: StreamWorld, who: Person, whom: Person): Promise<void> {
  const answer = await world.request(`/api/v1/accounts/${whom.viewer.id}/follow`, {
    method: 'POST',
    token: who.token,
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Publishes words alone. */
export function publish(
  world: StreamWorld,
  who: Person,
  caption: string,
  more: Parameters<typeof post>[2] = {},
) {
  return post(world.ctx, who.viewer, { caption, mediaIds: [], ...more });
}
