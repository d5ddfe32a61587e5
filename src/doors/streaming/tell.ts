import type { Context, LiveEvent } from '#base/context.ts';
import { hasScope } from '#domain/accounts/scopes.ts';
import { findConversation } from '#domain/messages/queries.ts';
import { findNotification } from '#domain/notifications/reading.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { readBoosts } from '#domain/posts/share-queries.ts';
import {
  findPlaces,
  listFollowing,
  listLikelyReaders,
  type PostPlaces,
} from '#domain/posts/viewer-queries.ts';
import { conversationsJson } from '#doors/entities/conversation.ts';
import { applyFilters } from '#doors/entities/filtered.ts';
import { notificationsJson } from '#doors/entities/notification.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import { statusTexts } from '#doors/entities/status-texts.ts';
import { createMediaForApps, type MediaForApps } from '#doors/http/media-for-apps.ts';
import type { Channel } from './channels.ts';
import type { Listener, Listeners, Message } from './listeners.ts';
import { createMemory, type Memory } from './memory.ts';
import { isInHome, isInList, isInOpen } from './places.ts';

type World = { ctx: Context; listeners: Listeners; memory: Memory; forApp: MediaForApps };

/** An event that is being told: a step a listener, so that requests get their turn between. */
export type Telling = Generator<undefined, void, undefined>;

/** Makes what tells listeners of live events: who may hear of each, and in which words. */
export function createTeller(ctx: Context, listeners: Listeners): (event: LiveEvent) => Telling {
  const world: World = {
    ctx,
    listeners,
    memory: createMemory(),
    forApp: createMediaForApps(ctx),
  };
  return function* (event) {
    const { type } = event;
    const postId = Number(event.postId);
    if (type === 'post.published') yield* tellPost(world, postId, 'update');
    else if (type === 'post.edited') yield* tellPost(world, postId, 'status.update');
    else if (type === 'post.shared') yield* tellBoost(world, event);
    else if (type === 'post.deleted') {
      tellGone(world, postId, Number(event.accountId), event.visibility);
    } else if (type === 'notification.made') tellNotification(world, event);
    else if (type === 'conversation.changed') tellConversation(world, event);
    else if (type === 'filters.changed') {
      sayOwn(world, Number(event.accountId), 'user', { event: 'filters_changed', payload: null });
    }
  };
}

/** Accounts that listen to a stream of their own. */
function hearers(listeners: Listeners, name: string): number[] {
  const ids = new Set<number>();
  for (const channel of listeners.channels()) {
    if (channel.name !== name) continue;
    for (const { accountId } of listeners.on(channel.key)) ids.add(accountId);
  }
  return [...ids];
}

function sayOwn(world: World, accountId: number, name: string, message: Message): void {
  for (const listener of [...world.listeners.on(`${name} ${accountId}`)]) {
    sayTo(world, listener, `${name} ${accountId}`, message);
  }
}

/** Apps load pictures without their token, so what they hear bears it (`media-keys.ts`). */
function sayTo(world: World, listener: Listener, key: string, message: Message): void {
  const channel = listener.channels.get(key);
  if (!channel) return;
  const { access } = listener;
  const { payload } = message;
  if (payload === null || !('tokenId' in access)) listener.say(channel, message);
  else listener.say(channel, { ...message, payload: world.forApp(payload, access.tokenId) });
}

/** A new or changed post goes to every stream whose list it is in for the listener, as REST would answer. */
function* tellPost(world: World, postId: number, event: 'update' | 'status.update'): Telling {
  const { ctx, listeners, memory } = world;
  const places = findPlaces(ctx.db, postId);
  if (!places) return;
  // Archived by its author, or taken out of sight by a moderator: gone from every list.
  if (places.away) {
    tellGone(world, postId, places.accountId, places.visibility);
    return;
  }
  const channels = [...listeners.channels()].filter((channel) => mayCarry(channel, places));
  const home = likelyHome(world, places, postId);
  const asked = new Set([...home, ...memory.whoSaw(postId)]);
  for (const channel of channels) {
    for (const { accountId } of listeners.on(channel.key)) {
      if (channel.name !== 'user') asked.add(accountId);
    }
  }
  const { viewers, textOf } = statusTexts(ctx, [...asked], postId, places.inReplyToId);
  const isThere = askOnce((channel, accountId) => isIn(ctx, channel, accountId, postId, home));
  for (const channel of channels) {
    for (const listener of [...listeners.on(channel.key)]) {
      yield;
      const { accountId } = listener;
      if (!viewers.has(accountId) || !mayRead(listener) || !isThere(channel, accountId)) continue;
      const payload = textOf(accountId, channel.filterContext);
      if (payload === null) continue;
      memory.saw(postId, accountId);
      sayTo(world, listener, channel.key, { event, payload });
    }
  }
  // Whoever was shown it and may not see it any more.
  if (event === 'status.update') {
    const lost = memory.whoSaw(postId).filter((accountId) => !viewers.has(accountId));
    sayGone(world, postId, new Set(lost), []);
  }
}

function likelyHome({ ctx, listeners }: World, places: PostPlaces, postId: number): Set<number> {
  if (places.isReply) return new Set();
  const ids = hearers(listeners, 'user');
  return new Set(listLikelyReaders(ctx.db, ids, places.accountId, postId, isClosed(ctx)));
}

/** Whether a stream could carry a post at all, before anybody asks for whom. */
function mayCarry({ name, open }: Channel, places: PostPlaces): boolean {
  if (name === 'list') return true;
  if (name === 'user') return !places.isReply;
  if (open === null || places.visibility !== 'public' || places.isReply) return false;
  if ((open.local && !places.local) || (open.remote && places.local)) return false;
  if (open.onlyMedia && !places.hasMedia) return false;
  return open.tag === undefined || (JSON.parse(places.tags) as string[]).includes(open.tag);
}

type Ask = (channel: Channel, accountId: number) => boolean;

/** One person listens with several devices: what is so for one is so for all. */
function askOnce(ask: Ask): Ask {
  const known = new Map<string, boolean>();
  return (channel, accountId) => {
    const key = `${channel.key} ${accountId}`;
    const answer = known.get(key) ?? ask(channel, accountId);
    known.set(key, answer);
    return answer;
  };
}

function isIn(
  ctx: Context,
  channel: Channel,
  accountId: number,
  id: number,
  home: ReadonlySet<number>,
): boolean {
  const viewer = { id: accountId };
  if (channel.name === 'user') return home.has(viewer.id) && isInHome(ctx, viewer, id);
  if (channel.listId !== null) return isInList(ctx, viewer, channel.listId, id);
  return channel.open !== null && isInOpen(ctx, viewer, channel.open, id);
}

function isAllowed({ scopes }: Listener, scope: string): boolean {
  return scopes === null || hasScope(scopes, scope);
}

/** `user` carries notifications as well, so a token may hear it that may not read posts. */
function mayRead(listener: Listener): boolean {
  return isAllowed(listener, 'read:statuses');
}

/** A boost is in home timelines and lists alone; when it was taken back, who saw it hears that. */
function* tellBoost(world: World, { shareId, accountId }: LiveEvent): Telling {
  const { ctx, listeners, memory } = world;
  const id = Number(shareId);
  const [there] = readBoosts(ctx, { id: Number(accountId) }, [id]);
  if (!there) {
    sayGone(world, id, new Set(memory.whoSaw(id)), []);
    return;
  }
  const ids = hearers(listeners, 'user');
  const likely = new Set(listLikelyReaders(ctx.db, ids, Number(accountId), 0, false));
  const isThere = askOnce((channel, viewerId) => isIn(ctx, channel, viewerId, id, likely));
  for (const channel of [...listeners.channels()]) {
    if (channel.name !== 'user' && channel.name !== 'list') continue;
    for (const listener of [...listeners.on(channel.key)]) {
      yield;
      if (!mayRead(listener) || !isThere(channel, listener.accountId)) continue;
      const viewer = { id: listener.accountId };
      const [status] = applyFilters(ctx, viewer, 'home', statusesByIds(ctx, viewer, [id]));
      if (!status) continue;
      memory.saw(id, viewer.id);
      sayTo(world, listener, channel.key, { event: 'update', payload: JSON.stringify(status) });
    }
  }
}

/**
 * What is gone cannot be asked who saw it: those hear of it who were shown it here, its author, and
 * whoever could have read it in a list, which its visibility tells. Nobody else learns that it was.
 */
function tellGone(world: World, postId: number, author: number, visibility: unknown): void {
  const { ctx, listeners, memory } = world;
  const told = new Set([author, ...memory.whoSaw(postId)]);
  if (visibility === 'public' || visibility === 'unlisted' || visibility === 'followers') {
    const ids = hearers(listeners, 'user');
    for (const id of listFollowing(ctx.db, ids, author)) told.add(id);
  }
  const open = [...listeners.channels()].filter(
    ({ name }) => visibility === 'public' && name.startsWith('public'),
  );
  sayGone(world, postId, told, open);
}

/** Says `delete` once to every stream of posts of these accounts, and to everybody on `open`. */
function sayGone(
  { listeners, memory }: World,
  id: number,
  accountIds: ReadonlySet<number>,
  open: readonly Channel[],
): void {
  const message = { event: 'delete', payload: String(id) };
  const openKeys = new Set(open.map((channel) => channel.key));
  for (const listener of [...listeners.all]) {
    const isTold = accountIds.has(listener.accountId);
    for (const channel of [...listener.channels.values()]) {
      if (channel.name === 'user:notification' || channel.name === 'direct') continue;
      if (!isTold && !openKeys.has(channel.key)) continue;
      if (mayRead(listener)) listener.say(channel, message);
    }
  }
  memory.forget(id);
}

function tellNotification(world: World, { notificationId, accountId }: LiveEvent): void {
  const { ctx, listeners } = world;
  const viewer = { id: Number(accountId) };
  const keys = [`user ${viewer.id}`, `user:notification ${viewer.id}`];
  if (keys.every((key) => listeners.on(key).size === 0)) return;
  const row = findNotification(ctx, viewer, Number(notificationId));
  const [notification] = row ? notificationsJson(ctx, viewer, [row]) : [];
  if (!notification) return;
  const message = { event: 'notification', payload: JSON.stringify(notification) };
  for (const key of keys) {
    for (const listener of [...listeners.on(key)]) {
      if (isAllowed(listener, 'read:notifications')) sayTo(world, listener, key, message);
    }
  }
}

function tellConversation(world: World, { accountId, conversationId }: LiveEvent): void {
  const { ctx, listeners } = world;
  const viewer = { id: Number(accountId) };
  if (listeners.on(`direct ${viewer.id}`).size === 0) return;
  const row = findConversation(ctx.db, viewer.id, Number(conversationId));
  const [conversation] = row ? conversationsJson(ctx, viewer, [row]) : [];
  if (!conversation) return;
  const message = { event: 'conversation', payload: JSON.stringify(conversation) };
  sayOwn(world, viewer.id, 'direct', message);
}
