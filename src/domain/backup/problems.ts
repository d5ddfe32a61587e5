import { AppError } from '#base/core/errors.ts';

/** Collects what is wrong, so that one look finds all of it. */
export type Problems = {
  /** The first hundred, as sentences. */
  readonly first: string[];
  count(): number;
  add(sentence: string): void;
  /** Does work; what is wrong with a file is collected and answers null, everything else is thrown. */
  attempt<T>(work: () => Promise<T>, prefix?: string): Promise<T | null>;
};

const SHOWN = 100;
// A place that cannot be reached says nothing of what is in it.
const ABOUT_FILES = ['invalid', 'not_found', 'too_large'];

/** An empty collection. */
export function createProblems(): Problems {
  const first: string[] = [];
  let count = 0;
  const add = (sentence: string) => {
    count += 1;
    if (first.length < SHOWN) first.push(sentence);
  };
  return {
    first,
    count: () => count,
    add,
    attempt: async (work, prefix = '') => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof AppError) || !ABOUT_FILES.includes(error.kind)) throw error;
        add(`${prefix}${error.message}`);
        return null;
      }
    },
  };
}
