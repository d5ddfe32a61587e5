import * as v from 'valibot';

/** What the reference says of one route; method, path and scopes come from the route table. */
export type RouteDescription = {
  /** One sentence: what it does. */
  says: string;
  /** An entity (`Status`), a list of one (`Status[]`), or words. */
  answer: string;
  /** What its query or body may say: the schema by which the route reads it. */
  input?: v.GenericSchema;
};

/** A theme: its routes by `METHOD /path`, as the route table writes them. */
export type Chapter = {
  title: string;
  routes: Readonly<Record<string, RouteDescription>>;
};

/** One route: a sentence, what it answers, and by what its input is read. */
export function says(sentence: string, answer: string, input?: v.GenericSchema): RouteDescription {
  return { says: sentence, answer, ...(input ? { input } : {}) };
}

const note = (text: string) => v.optional(v.pipe(v.string(), v.description(text)));

/** A yes or no in a query. */
export const yes = (text: string) => v.optional(v.pipe(v.boolean(), v.description(text)));

/** A word in a query. */
export const word = note;

/** A list in a query. */
export const words = (text: string) => v.optional(v.pipe(v.array(v.string()), v.description(text)));

/** What every list takes (`readPage` in `doors/http/links.ts`); the `Link` header names the next page. */
export const page = {
  limit: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.description('How many, at most 40 or 80.')),
  ),
  max_id: note('Only what is older than this id.'),
  since_id: note('Only what is newer than this id, newest first.'),
  min_id: note('The page right above this id.'),
};

/** A query of these words and the usual ones of a list. */
export const paged = (more: v.ObjectEntries = {}) => v.object({ ...page, ...more });
