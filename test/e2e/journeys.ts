import type { Journey } from './world.ts';

/** Every journey that a person makes in a browser, in the order in which they run. */
export const journeys: readonly Journey[] = [];
