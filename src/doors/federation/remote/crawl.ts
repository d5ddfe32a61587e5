import type { Context } from '#base/context.ts';
import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { perValue } from '#base/core/per-value.ts';
import { createTurns, type Turns } from '#base/core/turns.ts';
import { idOf, isObject, listOf, sameOrigin } from '#doors/federation/inbound/values.ts';
import { DocumentError } from './document-error.ts';
import { fetchDocument } from './fetch-document.ts';

/** What is read of one collection at most (T47). */
const MOST_PAGES = 5;
const MOST_OBJECTS = 50;
/** Requests to one server at the same time, over everything that is crawled; and how many may wait. */
const AT_ONCE = 2;
const MOST_WAITING = 200;

const queues = perValue((_ctx: Context) => new Map<string, Turns>());

/**
 * Does work that asks a server for much, two pieces at a time a host. Null, without having done it,
 * when too much waits for that host already.
 */
export async function takeTurn<T>(
  ctx: Context,
  address: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const { host } = new URL(address);
  const hosts = queues(ctx);
  const turns = hosts.get(host) ?? createTurns(AT_ONCE, MOST_WAITING);
  hosts.set(host, turns);
  try {
    return await (turns.take(work) ?? Promise.resolve(null));
  } finally {
    if (turns.size() === 0) hosts.delete(host);
  }
}

/**
 * Items of a collection, in its order: at most 5 pages and 50 items of the server that has it, each
 * page once, however it goes on (T47). What cannot be read ends it.
 */
export async function readCollection(
  ctx: Context,
  address: string,
  most = MOST_OBJECTS,
): Promise<JsonValue[]> {
  const items: JsonValue[] = [];
  const seen = new Set<string>();
  let next: JsonValue | undefined = address;
  for (let pages = 0; pages < MOST_PAGES && items.length < most; ) {
    const page: JsonObject | null = await readPage(ctx, address, next, seen);
    if (page === null) break;
    const own = itemsOf(page);
    items.push(...own);
    // The collection itself is no page, unless it has items of its own.
    if (own.length > 0 || page.next !== undefined) pages += 1;
    next = page.next ?? page.first;
    if (next === undefined || next === null) break;
  }
  return items.slice(0, most);
}

async function readPage(
  ctx: Context,
  home: string,
  page: JsonValue | undefined,
  seen: Set<string>,
): Promise<JsonObject | null> {
  // The first page often lies in the collection.
  if (page !== undefined && isObject(page) && itemsOf(page).length > 0) return page;
  const address = page === undefined ? null : idOf(page);
  if (address === null || seen.has(address) || !sameOrigin(address, home)) return null;
  seen.add(address);
  if (seen.size > MOST_PAGES + 1) return null;
  try {
    return (await takeTurn(ctx, address, () => fetchDocument(ctx, address)))?.document ?? null;
  } catch (error) {
    if (error instanceof DocumentError) return null;
    throw error;
  }
}

function itemsOf(page: JsonObject): JsonValue[] {
  return [...listOf(page.orderedItems), ...listOf(page.items)];
}
