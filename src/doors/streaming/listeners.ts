import type { Channel } from './channels.ts';

/** One thing to say to somebody; `payload` is text, JSON or a bare id, null for none. */
export type Message = { event: string; payload: string | null };

/** Why a stream ends: the access to it ended, who reads is too slow, or the server goes. */
export type EndReason = 'ended' | 'slow' | 'closing';

/** Somebody at the other end of a stream, whatever carries it. */
export type Listener = {
  readonly accountId: number;
  /** By what it was opened: it ends with that. */
  readonly access: { tokenId: number } | { sessionId: string };
  /** Null: all (a session). */
  readonly scopes: readonly string[] | null;
  readonly channels: Map<string, Channel>;
  /** Sends one message of one stream; ends the stream by itself if nobody reads. */
  say(channel: Channel, message: Message): void;
  end(reason: EndReason): void;
};

/** Streams that one person may have open at a time (T102). */
export const MOST_STREAMS = 5;

/** Who listens to what. */
export type Listeners = {
  readonly all: ReadonlySet<Listener>;
  hasRoom(accountId: number): boolean;
  add(listener: Listener): void;
  remove(listener: Listener): void;
  subscribe(listener: Listener, channel: Channel): void;
  unsubscribe(listener: Listener, key: string): void;
  /** Who hears a channel. */
  on(key: string): ReadonlySet<Listener>;
  /** Every channel that somebody hears. */
  channels(): Iterable<Channel>;
  of(accountId: number): ReadonlySet<Listener>;
};

const NOBODY: ReadonlySet<Listener> = new Set();

/** Makes the register of one server; `changed` hears whether anybody is there. */
export function createListeners(changed: (anybody: boolean) => void): Listeners {
  const all = new Set<Listener>();
  const byAccount = new Map<number, Set<Listener>>();
  const byKey = new Map<string, Set<Listener>>();
  const channels = new Map<string, Channel>();

  const unsubscribe = (listener: Listener, key: string) => {
    if (!listener.channels.delete(key)) return;
    const group = byKey.get(key);
    group?.delete(listener);
    if (group?.size !== 0) return;
    byKey.delete(key);
    channels.delete(key);
  };
  return {
    all,
    hasRoom: (accountId) => (byAccount.get(accountId)?.size ?? 0) < MOST_STREAMS,
    add: (listener) => {
      all.add(listener);
      const group = byAccount.get(listener.accountId) ?? new Set();
      byAccount.set(listener.accountId, group.add(listener));
      if (all.size === 1) changed(true);
    },
    remove: (listener) => {
      if (!all.delete(listener)) return;
      for (const key of [...listener.channels.keys()]) unsubscribe(listener, key);
      const group = byAccount.get(listener.accountId);
      group?.delete(listener);
      if (group?.size === 0) byAccount.delete(listener.accountId);
      if (all.size === 0) changed(false);
    },
    subscribe: (listener, channel) => {
      if (listener.channels.has(channel.key)) return;
      listener.channels.set(channel.key, channel);
      const group = byKey.get(channel.key) ?? new Set();
      byKey.set(channel.key, group.add(listener));
      channels.set(channel.key, channel);
    },
    unsubscribe,
    on: (key) => byKey.get(key) ?? NOBODY,
    channels: () => channels.values(),
    of: (accountId) => byAccount.get(accountId) ?? NOBODY,
  };
}
