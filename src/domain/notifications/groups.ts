import type { Context } from '#base/context.ts';
import type { Page } from '#base/core/page.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import {
  countGroups,
  GROUP_SPAN,
  type GroupName,
  listNotifications,
  type NotificationFilter,
  type NotificationRow,
} from './reading.ts';

/** What stands together on a page of grouped notifications, newest first. */
export type NotificationGroup = { key: string; count: number; items: NotificationRow[] };

const GROUPED = new Set(['favourite', 'reblog', 'follow']);
const ROUNDS = 4;
/** Rows that one page looks at, so many times its groups. */
const DEEP = 5;

/** The key of the group of a notification; those of a kind that is not grouped have one of their own. */
export function groupKeyOf(
  row: Pick<NotificationRow, 'id' | 'type' | 'postId' | 'createdAt'>,
): string {
  if (!GROUPED.has(row.type)) return `ungrouped-${row.id}`;
  const span = Math.floor(row.createdAt / GROUP_SPAN);
  return `${row.type}-${row.postId ?? 0}-${span}`;
}

/** Reads the key of a group: the id of a lone notification, or which it stands for; null if it is none. */
export function parseGroupKey(key: string): { id: number } | GroupName | null {
  const lone = /^ungrouped-([0-9]{1,16})$/.exec(key);
  if (lone) return { id: Number(lone[1]) };
  const [, type = '', postId, span] =
    /^(favourite|reblog|follow)-([0-9]{1,16})-([0-9]{1,10})$/.exec(key) ?? [];
  return GROUPED.has(type) ? { type, postId: Number(postId), span: Number(span) } : null;
}

/**
 * A page of groups: as many as `page.limit`, each with those of its notifications that follow one
 * another here, and how many it has in all. `last` is the oldest notification of the page, from which
 * the next one goes on; `full` says whether there may be more. A handful of statements for any page.
 */
export function listGroups(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  page: Page,
  filter: NotificationFilter,
): { groups: NotificationGroup[]; first: number | null; last: number | null; full: boolean } {
  const groups = new Map<string, NotificationRow[]>();
  const seen: number[] = [];
  const limit = page.limit * DEEP;
  let at: Page = { ...page, limit };
  let full = false;
  for (let round = 0; round < ROUNDS && !full; round += 1) {
    const rows = listNotifications(ctx, viewer, at, filter);
    const upwards = page.minId !== null;
    for (const row of upwards ? rows.reverse() : rows) {
      const key = groupKeyOf(row);
      full = !groups.has(key) && groups.size >= page.limit;
      if (full) break;
      groups.set(key, [...(groups.get(key) ?? []), row]);
      seen.push(row.id);
    }
    if (rows.length < limit) break;
    const last = seen.at(-1) ?? null;
    at = upwards ? { ...at, minId: last } : { ...at, maxId: last };
    full ||= round === ROUNDS - 1;
  }
  const ordered = [...groups]
    .map(([key, items]) => ({ key, items: items.sort((a, b) => b.id - a.id) }))
    .sort((a, b) => (b.items[0]?.id ?? 0) - (a.items[0]?.id ?? 0));
  const counts = countsOf(ctx, viewer, ordered);
  return {
    groups: ordered.map((group) => ({ ...group, count: counts.get(group.key) ?? 1 })),
    first: seen.length === 0 ? null : Math.max(...seen),
    last: seen.length === 0 ? null : Math.min(...seen),
    full,
  };
}

function countsOf(
  ctx: Context,
  viewer: Pick<Viewer, 'id'>,
  groups: readonly { key: string }[],
): Map<string, number> {
  const named = groups.flatMap(({ key }) => {
    const name = parseGroupKey(key);
    return name && 'type' in name ? [{ key, name }] : [];
  });
  const counts =
    named.length === 0
      ? []
      : countGroups(
          ctx,
          viewer,
          named.map(({ name }) => name),
        );
  return new Map(named.map(({ key }, index) => [key, counts[index] ?? 1]));
}
