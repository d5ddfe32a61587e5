import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readRelationships } from '#domain/relationships/reading.ts';
import { relationshipJson } from '#doors/entities/relationship.ts';

/** How the viewer stands to an account now: what every change of that answers. */
export function relationshipAnswer(
  ctx: Pick<Context, 'db'>,
  viewer: Pick<Viewer, 'id'>,
  accountId: number,
): Response {
  return Response.json(readRelationships(ctx.db, viewer.id, [accountId]).map(relationshipJson)[0]);
}
