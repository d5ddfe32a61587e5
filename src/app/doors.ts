import type { Context } from '#base/context.ts';
import { createDoor, type Door, type FrontDoor } from '#doors/http/server.ts';

/** Every way in from outside, in the order in which addresses are looked up. */
const doors: readonly Door[] = [];

/** Joins all doors behind the common one. */
export function openDoors(ctx: Context): FrontDoor {
  return createDoor(ctx, { doors });
}
