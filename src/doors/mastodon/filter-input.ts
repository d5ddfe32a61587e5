import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import type { FilterInput, KeywordInput } from '#domain/filters/change.ts';
import { filterLimits } from '#domain/filters/limits.ts';
import { type FilterContext, filterContexts } from '#domain/filters/queries.ts';
import { flagField, idField, listField, parseInput, textField } from '#doors/http/fields.ts';

const LONG = 2000;
/** A hundred years (seconds): longer is for ever. */
const LONGEST = 3_200_000_000;

const seconds = () =>
  v.pipe(
    v.union([v.null(), v.string(), v.number()]),
    v.transform((value) => (value === null || value === '' ? null : Number(value))),
    v.check((value) => value === null || Number.isFinite(value), 'must be a number of seconds'),
    v.transform((value) => (value === null || value > LONGEST ? null : Math.max(0, value))),
  );
const contexts = () => listField(v.picklist(filterContexts, 'is not a place of posts'), 20);
const keyword = {
  keyword: v.nullish(textField(LONG)),
  whole_word: v.nullish(flagField()),
};

/** What apps say of a filter (docs.joinmastodon.org/methods/filters). */
export const filterSchema = v.object({
  title: v.nullish(textField(LONG)),
  context: v.nullish(contexts()),
  filter_action: v.nullish(v.picklist(['warn', 'hide', 'blur'], 'is not known')),
  expires_in: v.optional(seconds()),
  keywords_attributes: v.nullish(
    listField(
      v.object({ ...keyword, id: v.nullish(idField()), _destroy: v.nullish(flagField()) }),
      filterLimits.keywords,
    ),
  ),
});
/** What apps say of a word of a filter. */
export const keywordSchema = v.object(keyword);
/** Which post belongs into a filter. */
export const filterPostSchema = v.object({ status_id: idField() });
/** A filter of the first version: one phrase. */
export const phraseSchema = v.object({
  phrase: textField(LONG),
  context: v.nullish(contexts()),
  irreversible: v.nullish(flagField()),
  whole_word: v.nullish(flagField()),
  expires_in: v.optional(seconds()),
});

/** Reads a filter; throws `invalid`. */
export function readFilterInput(body: unknown): FilterInput {
  const said = parseInput(filterSchema, body);
  return {
    ...(typeof said.title === 'string' ? { title: said.title } : {}),
    ...(said.context ? { contexts: said.context } : {}),
    ...(said.filter_action ? { action: said.filter_action } : {}),
    ...(said.expires_in === undefined ? {} : { expiresIn: said.expires_in }),
    keywords: (said.keywords_attributes ?? []).map(({ id, _destroy, ...word }) => ({
      ...wordOf(word),
      ...(id ? { id } : {}),
      destroy: _destroy === true,
    })),
  };
}

/** Reads a word of a filter; throws `invalid`. */
export function readKeywordInput(body: unknown): KeywordInput {
  return wordOf(parseInput(keywordSchema, body));
}

function wordOf(said: v.InferOutput<typeof keywordSchema>): KeywordInput {
  return {
    ...(typeof said.keyword === 'string' ? { keyword: said.keyword } : {}),
    ...(typeof said.whole_word === 'boolean' ? { wholeWord: said.whole_word } : {}),
  };
}

/** Reads a filter of the first version; throws `invalid`. */
export function readPhrase(body: unknown): FilterInput & { phrase: string; wholeWord: boolean } {
  const said = parseInput(phraseSchema, body);
  const contexts: FilterContext[] = said.context ?? [];
  if (said.phrase.trim() === '') {
    throw new AppError('invalid', 'Validation failed: phrase: cannot be blank');
  }
  return {
    phrase: said.phrase,
    title: said.phrase.slice(0, filterLimits.title),
    ...(contexts.length > 0 ? { contexts } : {}),
    action: said.irreversible ? 'hide' : 'warn',
    wholeWord: said.whole_word ?? false,
    ...(said.expires_in === undefined ? {} : { expiresIn: said.expires_in }),
  };
}
