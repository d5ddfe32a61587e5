/** What happens, as the server tells it: `update`, `delete`, `notification` … with JSON, a bare id or nothing. */
export type LiveMessage = { stream: string; event: string; payload: string | null };

/** Hears a message; `again` after a pause in which some may have been missed, so lists are old. */
export type LiveHandler = (message: LiveMessage | 'again') => void;

/** What stands between a page and the network; a test has its own. */
export type LiveParts = {
  open(address: string): WebSocket;
  isHidden(): boolean;
  /** True between leaving the page and coming back to it with the browser's button. */
  isLeft(): boolean;
  /** Calls back when the page is hidden or shown. */
  onVisibility(changed: () => void): void;
  later(act: () => void, milliseconds: number): number;
  cancel(timer: number): void;
};

const SHORTEST = 1000;
const LONGEST = 60_000;
/** Milliseconds for which a hidden page still listens: somebody may only have looked something up. */
const HIDDEN_FOR = 30_000;

/**
 * Makes the one connection of a page: opened with the first handler, opened again after growing
 * pauses when it ends, closed while nobody looks at the page. The session cookie says who listens.
 */
export function createLive(
  parts: LiveParts,
): (handler: LiveHandler, stream?: string) => () => void {
  const handlers = new Map<LiveHandler, string>();
  let socket: WebSocket | null = null;
  let timer: number | null = null;
  let pause = SHORTEST;
  let watched = false;
  let missed = false;

  const wait = (act: () => void, milliseconds: number) => {
    if (timer !== null) parts.cancel(timer);
    timer = parts.later(() => {
      timer = null;
      act();
    }, milliseconds);
  };
  const close = () => {
    const open = socket;
    socket = null;
    missed = missed || open !== null;
    open?.close();
  };
  const open = () => {
    if (socket !== null || handlers.size === 0 || parts.isHidden()) return;
    const made = parts.open('/api/v1/streaming');
    socket = made;
    made.onopen = () => {
      pause = SHORTEST;
      for (const stream of new Set(handlers.values())) say(made, 'subscribe', stream);
      if (missed) for (const handler of handlers.keys()) handler('again');
      missed = false;
    };
    made.onmessage = ({ data }) => hear(handlers, String(data));
    made.onclose = () => {
      if (socket !== made) return;
      socket = null;
      missed = true;
      // Not all pages of a server that was started anew at the same moment.
      wait(open, pause * (0.7 + Math.random() * 0.6));
      pause = Math.min(pause * 2, LONGEST);
    };
  };
  const look = () => {
    // Browsers keep a page for the way back only if it has no connection open.
    if (parts.isLeft()) close();
    else if (parts.isHidden()) wait(close, HIDDEN_FOR);
    else wait(open, 0);
  };

  return (handler, stream = 'user') => {
    handlers.set(handler, stream);
    if (!watched) parts.onVisibility(look);
    watched = true;
    if (socket?.readyState === WebSocket.OPEN) say(socket, 'subscribe', stream);
    else open();
    return () => {
      handlers.delete(handler);
      if (handlers.size === 0) {
        close();
        missed = false;
      } else if (
        socket?.readyState === WebSocket.OPEN &&
        ![...handlers.values()].includes(stream)
      ) {
        say(socket, 'unsubscribe', stream);
      }
    };
  };
}

function say(socket: WebSocket, type: string, stream: string): void {
  socket.send(JSON.stringify({ type, stream }));
}

function hear(handlers: ReadonlyMap<LiveHandler, string>, text: string): void {
  const said = JSON.parse(text) as { stream?: string[]; event?: string; payload?: string };
  const [stream] = said.stream ?? [];
  if (stream === undefined || said.event === undefined) return;
  const message = { stream, event: said.event, payload: said.payload ?? null };
  for (const [handler, wanted] of handlers) if (wanted === stream) handler(message);
}

let shared: ReturnType<typeof createLive> | null = null;

/**
 * Hears what happens while this page is looked at: of `user` (posts and notifications), or of another
 * stream without tag or list. For signed-in people alone. Answers how to stop.
 */
export function onLive(handler: LiveHandler, stream = 'user'): () => void {
  let left = false;
  shared ??= createLive({
    open: (path) => new WebSocket(new URL(path, location.href.replace(/^http/, 'ws'))),
    isHidden: () => document.hidden,
    isLeft: () => left,
    onVisibility: (changed) => {
      document.addEventListener('visibilitychange', changed);
      for (const name of ['pagehide', 'pageshow']) {
        window.addEventListener(name, () => {
          left = name === 'pagehide';
          changed();
        });
      }
    },
    later: (act, milliseconds) => window.setTimeout(act, milliseconds),
    cancel: (id) => window.clearTimeout(id),
  });
  return shared(handler, stream);
}
