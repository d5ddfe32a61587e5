import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { markRead } from '#domain/accounts/mark-read.ts';
import { findMarkers, type MarkerRow, markedTimelines } from '#domain/accounts/marker-queries.ts';
import { dateTime } from '#doors/entities/dates.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { idField, listField, parseInput, textField } from '#doors/http/fields.ts';

const namesSchema = v.object({ timeline: v.optional(listField(textField(40), 20), []) });
const markSchema = v.object({
  last_read_id: idField(),
  version: v.optional(
    v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer('must be a number')),
  ),
});

/** What POST /api/v1/markers takes. */
export const markersSchema = v.object({
  home: v.optional(markSchema),
  notifications: v.optional(markSchema),
});

/** How far somebody has read, for all of their apps (docs.joinmastodon.org/methods/markers). */
export const markers = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.markers' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/markers',
      ({ request, viewer }) => {
        const { timeline } = parseInput(namesSchema, readQuery(request));
        const rows = findMarkers(ctx.db, viewer.id);
        return Response.json(markersJson(rows.filter((row) => timeline.includes(row.timeline))));
      },
      { signedIn: 'read:statuses', parse: 'none' },
    )
    .post(
      '/api/v1/markers',
      async ({ request, viewer }) => {
        const said = parseInput(markersSchema, await readBody(request));
        const marks = markedTimelines.flatMap((timeline) => {
          const mark = said[timeline];
          return mark ? [{ timeline, lastReadId: mark.last_read_id, version: mark.version }] : [];
        });
        return Response.json(markersJson(markRead(ctx, viewer, marks)));
      },
      { signedIn: 'write:statuses', parse: 'none' },
    );

function markersJson(rows: readonly MarkerRow[]): Record<string, unknown> {
  return Object.fromEntries(
    rows.map((row) => [
      row.timeline,
      {
        last_read_id: String(row.lastReadId),
        version: row.version,
        updated_at: dateTime(row.updatedAt),
      },
    ]),
  );
}
