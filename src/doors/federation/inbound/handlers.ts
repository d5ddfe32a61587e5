import { receiveCreate } from './create.ts';
import type { Handler } from './handler.ts';

/** What every kind of activity means; a kind that is not here is dropped politely. */
export const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['Create', receiveCreate],
]);
