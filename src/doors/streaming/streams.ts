import type { Context, LiveEvent } from '#base/context.ts';
import { readChangeStamp } from '#base/db/watch-changes.ts';
import { createListeners, type EndReason, type Listener, type Listeners } from './listeners.ts';
import { findLiveSessions, findLiveTokens } from './stream-queries.ts';
import { createTeller, type Telling } from './tell.ts';

/** Everybody who listens to one server, and what they are told. */
export type Streams = {
  readonly listeners: Listeners;
  /** True once the server goes: nobody may come any more. */
  isClosing(): boolean;
  /** Takes a live event; costs nothing while nobody listens. */
  hear(event: LiveEvent): void;
  /** Says everything that waits to be said; for tests. */
  settle(): void;
  /** Ends every stream, for the end of the server. */
  close(): void;
};

/** Milliseconds between two looks whether everybody still may listen: the net below the live events. */
const LOOK_EVERY = 500;
/** Every so many looks without asking whether anything was written: what ends by its time writes nothing. */
const THOROUGH = 20;
/** Events that wait at most; who misses some reads its lists again. */
const MOST_WAITING = 5000;
/** Milliseconds of telling after which requests get their turn. */
const TURN = 8;

const known = new WeakMap<Context, Streams>();

/** The streams of a server; made on first use. */
export function streamsOf(ctx: Context): Streams {
  const made = known.get(ctx) ?? createStreams(ctx);
  known.set(ctx, made);
  return made;
}

function createStreams(ctx: Context): Streams {
  const net = createNet(ctx, () => listeners);
  const listeners = createListeners((anybody) => (anybody ? net.start() : net.stop()));
  const tell = createTeller(ctx, listeners);
  const waiting = new Map<string, LiveEvent>();
  let current: Telling | null = null;
  let planned = false;
  let closing = false;

  const next = (): Telling | null => {
    for (const [key, event] of waiting) {
      waiting.delete(key);
      return tell(event);
    }
    return null;
  };
  const work = (until: number) => {
    planned = false;
    while (performance.now() < until) {
      current ??= next();
      if (current === null) return;
      try {
        if (current.next().done) current = null;
      } catch (error) {
        current = null;
        ctx.log.error('A live event could not be told.', { error });
      }
    }
    plan();
  };
  // After the running code: the answer to whoever published comes first.
  const plan = () => {
    if (planned) return;
    planned = true;
    setImmediate(() => work(performance.now() + TURN));
  };
  return {
    listeners,
    isClosing: () => closing,
    hear: (event) => {
      if (listeners.all.size === 0) return;
      if (endsAccess(event)) {
        cut(ctx, listeners, event);
        return;
      }
      const key = keyOf(event);
      if (key === null || waiting.size >= MOST_WAITING) return;
      waiting.set(key, event);
      plan();
    },
    settle: () => work(Number.POSITIVE_INFINITY),
    close: () => {
      closing = true;
      endAll(listeners, [...listeners.all], 'closing');
      net.stop();
    },
  };
}

/** The same happening told twice is told once; null for what nobody is told. */
function keyOf(event: LiveEvent): string | null {
  const { type } = event;
  if (type.startsWith('post.') && type !== 'post.liked') {
    return `${type} ${event.postId} ${event.shareId ?? ''}`;
  }
  if (type === 'notification.made') return `${type} ${event.notificationId}`;
  if (type === 'conversation.changed') return `${type} ${event.conversationId}`;
  return type === 'filters.changed' ? `${type} ${event.accountId}` : null;
}

function endsAccess({ type }: LiveEvent): boolean {
  return type === 'token.ended' || type === 'session.ended' || type === 'account.changed';
}

/** Ends what was opened by a token or session that is over; of a changed account whatever opens nothing now (T90). */
function cut(ctx: Context, listeners: Listeners, event: LiveEvent): void {
  const own = [...listeners.of(Number(event.accountId))];
  if (event.type === 'account.changed') {
    endAll(listeners, withoutAccess(ctx, own), 'ended');
    return;
  }
  const ended = own.filter(({ access }) =>
    'tokenId' in access ? access.tokenId === event.tokenId : access.sessionId === event.sessionId,
  );
  endAll(listeners, ended, 'ended');
}

function withoutAccess(ctx: Context, list: readonly Listener[]): Listener[] {
  const now = ctx.now();
  const tokens = list.flatMap(({ access }) => ('tokenId' in access ? [access.tokenId] : []));
  const sessions = list.flatMap(({ access }) => ('sessionId' in access ? [access.sessionId] : []));
  const liveTokens = findLiveTokens(ctx.db, [...new Set(tokens)], now);
  const liveSessions = findLiveSessions(ctx.db, [...new Set(sessions)], now);
  return list.filter(({ access }) =>
    'tokenId' in access ? !liveTokens.has(access.tokenId) : !liveSessions.has(access.sessionId),
  );
}

function endAll(listeners: Listeners, list: readonly Listener[], reason: EndReason): void {
  for (const listener of list) {
    listeners.remove(listener);
    listener.end(reason);
  }
}

/** Looks twice a second while somebody listens, and asks only if anything was written meanwhile. */
function createNet(ctx: Context, listeners: () => Listeners): { start(): void; stop(): void } {
  let timer: ReturnType<typeof setInterval> | null = null;
  let stamp = '';
  let round = 0;
  const look = () => {
    round += 1;
    try {
      const next = readChangeStamp(ctx.db);
      if (next === stamp && round % THOROUGH !== 0) return;
      stamp = next;
      endAll(listeners(), withoutAccess(ctx, [...listeners().all]), 'ended');
    } catch (error) {
      ctx.log.error('The streams could not be checked.', { error });
    }
  };
  return {
    start: () => {
      timer ??= setInterval(look, LOOK_EVERY);
      timer.unref();
    },
    stop: () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}
