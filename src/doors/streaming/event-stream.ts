import type { Context } from '#base/context.ts';
import type { SignedInCaller } from '#doors/http/auth.ts';
import type { Channel } from './channels.ts';
import { eventFrame } from './frames.ts';
import type { Listener } from './listeners.ts';
import { identityOf } from './open-socket.ts';
import { streamsOf } from './streams.ts';

/** Bytes that may wait for somebody who does not read; then the connection ends. */
const MOST_WAITING = 1_000_000;
/** Milliseconds between two signs of life: shorter than what proxies and our own server wait. */
const THUMP_EVERY = 15_000;

/** One stream as server-sent events, for as long as the other side listens. */
export function eventStream(ctx: Context, caller: SignedInCaller, channel: Channel): Response {
  const { listeners } = streamsOf(ctx);
  const encoder = new TextEncoder();
  let leave = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        let open = true;
        const send = (text: string) => {
          if (!open) return;
          if ((controller.desiredSize ?? 0) <= 0) listener.end('slow');
          else controller.enqueue(encoder.encode(text));
        };
        const thump = setInterval(() => send(':thump\n'), THUMP_EVERY);
        thump.unref();
        leave = () => {
          open = false;
          clearInterval(thump);
          listeners.remove(listener);
        };
        const listener: Listener = {
          ...identityOf(caller),
          channels: new Map(),
          say: (_channel, message) => send(eventFrame(message)),
          end: (reason) => {
            if (!open) return;
            leave();
            // What waits for a slow reader is thrown away with the connection.
            if (reason === 'slow') controller.error(new Error('The reader is too slow.'));
            else controller.close();
          },
        };
        listeners.add(listener);
        listeners.subscribe(listener, channel);
        send(':)\n');
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING }),
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'private, no-store',
      // nginx would keep it back until it is full.
      'x-accel-buffering': 'no',
    },
  });
}
