import type { Database } from 'bun:sqlite';
import { createBusy } from './busy.ts';
import { type DueDelivery, type DueHost, findDueOf } from './delivery-queries.ts';

/** How far a server is trusted to answer soon: it did of late, it is new, or it fails. */
type Standing = 'good' | 'new' | 'bad';

/** Deliveries at the same time: to all servers of a standing, and to one of them. */
const PLACES = { good: 48, new: 24, bad: 12 } as const;
const PLACES_OF_HOST = { good: 4, new: 2, bad: 1 } as const;
const STANDINGS = ['good', 'new', 'bad'] as const;
const LOADED = 16;
/** Slow ones that nobody waits for. */
const MOST_ASIDE = 400;

type Line = { host: DueHost; standing: Standing; rows: DueDelivery[]; flying: number };

/** One delivery that begins now, and what is known of its server. */
export type Start = { delivery: DueDelivery; host: DueHost; standing: Standing };

/** It was taken, or turned down for good, or is to be tried again. */
export type Landing = 'arrived' | 'refused' | 'failed';

export type Lines = ReturnType<typeof createLines>;

/**
 * Who is next: one line for each server, served in turn, so that nobody waits for somebody else's
 * dead server. Servers that answered lately, new ones and failing ones have places of their own. What
 * one person says to one inbox stays in order: one at a time.
 */
export function createLines(db: Database) {
  const lines = new Map<string, Line>();
  const turns: Record<Standing, Set<Line>> = { good: new Set(), new: new Set(), bad: new Set() };
  const talks = new Set<string>();
  const places = createPlaces();
  const busy = createBusy();

  const begin = (line: Line, delivery: DueDelivery): Start => {
    line.flying += 1;
    places.take(line.standing);
    busy.add(delivery);
    talks.add(talkOf(delivery));
    return { delivery, host: line.host, standing: line.standing };
  };
  /** The first delivery of a line that is nobody's second word at the same time. */
  const pick = (line: Line, now: number): DueDelivery | null => {
    if (line.flying >= PLACES_OF_HOST[line.standing]) return null;
    const { host } = line.host;
    if (line.rows.length === 0) {
      const due = findDueOf(db, host, now, LOADED + busy.countOf(host));
      line.rows = due.filter(({ id }) => !busy.has(id));
    }
    const at = line.rows.findIndex((row) => !talks.has(talkOf(row)));
    if (at !== -1) return line.rows.splice(at, 1)[0] ?? null;
    if (line.flying === 0) lines.delete(host);
    return null;
  };
  const nextOf = (standing: Standing, now: number): Start | null => {
    const turn = turns[standing];
    for (const line of turn) {
      if (!places.has(standing)) return null;
      // Who cannot go on leaves the turn and joins again when one of its deliveries has landed.
      turn.delete(line);
      const delivery = pick(line, now);
      if (delivery === null) continue;
      turn.add(line);
      return begin(line, delivery);
    }
    return null;
  };
  return {
    /** Takes note of servers that something is due for. */
    join: (hosts: readonly DueHost[]): void => {
      for (const host of hosts) {
        const known = lines.get(host.host);
        const line = known ?? { host, standing: standingOf(host), rows: [], flying: 0 };
        line.host = host;
        lines.set(host.host, line);
        turns[line.standing].add(line);
      }
    },
    /** True if nobody is in line. */
    isEmpty: (): boolean => STANDINGS.every((standing) => turns[standing].size === 0),
    /** The next delivery in turn, null if none may begin; it is on its way until `land`. */
    next: (now: number): Start | null => {
      for (const standing of STANDINGS) {
        const start = nextOf(standing, now);
        if (start !== null) return start;
      }
      return null;
    },
    /** It takes long: its place is free for others, that of its server is not. */
    step: places.step,
    /** It has ended; a server that failed is left until it joins again. `written` must follow. */
    land: (start: Start, how: Landing): void => {
      places.leave(start);
      talks.delete(talkOf(start.delivery));
      const line = lines.get(start.delivery.host);
      if (line === undefined) return;
      moveOn(line, how, turns);
      if (how === 'failed' && line.flying === 0) lines.delete(line.host.host);
    },
    /** The database knows how these ended, and no longer calls them due. */
    written: (ids: readonly number[]): void => {
      for (const id of ids) busy.delete(id);
    },
  };
}

function moveOn(line: Line, how: Landing, turns: Record<Standing, Set<Line>>): void {
  line.flying -= 1;
  turns[line.standing].delete(line);
  if (how === 'failed') {
    line.rows = [];
    return;
  }
  if (how === 'arrived') line.standing = 'good';
  turns[line.standing].add(line);
}

/** Who has a place, and who was moved aside because it takes long. */
function createPlaces() {
  const taken: Record<Standing, number> = { good: 0, new: 0, bad: 0 };
  const aside = new Set<Start>();
  return {
    has: (standing: Standing): boolean => taken[standing] < PLACES[standing],
    take: (standing: Standing): void => {
      taken[standing] += 1;
    },
    leave: (start: Start): void => {
      if (!aside.delete(start)) taken[start.standing] -= 1;
    },
    step: (start: Start): void => {
      if (aside.size >= MOST_ASIDE || aside.has(start)) return;
      taken[start.standing] -= 1;
      aside.add(start);
    },
  };
}

function talkOf({ accountId, inbox }: DueDelivery): string {
  return `${accountId} ${inbox}`;
}

function standingOf({ failures, lastSuccessAt }: DueHost): Standing {
  if (failures > 0) return 'bad';
  return lastSuccessAt === null ? 'new' : 'good';
}
