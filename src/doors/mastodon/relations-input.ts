import * as v from 'valibot';
import { repliesPolicies } from '#domain/relationships/list-queries.ts';
import { flagField, idField, listField, textField } from '#doors/http/fields.ts';

const YEARS = 10 * 366 * 24 * 60 * 60;

/** What a follower wants; `languages` is read and not kept: an answer says null. */
export const followSchema = v.object({
  reblogs: v.optional(flagField()),
  notify: v.optional(flagField()),
  languages: v.optional(v.unknown()),
});

const secondsField = v.pipe(
  v.unknown(),
  v.transform((value) => (value === null || value === '' ? 0 : Number(value))),
  v.number('must be a number of seconds'),
  v.integer('must be a number of seconds'),
  v.minValue(0, 'must not be below 0'),
  v.maxValue(YEARS, 'must be at most ten years'),
);

/** `duration` in seconds; 0: until it is taken back. */
export const muteSchema = v.object({
  notifications: v.optional(flagField(), true),
  duration: v.optional(secondsField, 0),
});

/** Nothing said, nothing noted. */
export const noteSchema = v.object({ comment: v.optional(textField(2000), '') });

export const domainSchema = v.object({ domain: textField(300) });

const titleField = v.pipe(
  textField(255),
  v.transform((text) => text.trim()),
  v.check((text) => text !== '', "can't be blank"),
);
const policyField = v.picklist(repliesPolicies, 'must be followed, list or none');

/** A new list. */
export const listSchema = v.object({
  title: titleField,
  replies_policy: v.optional(policyField, 'list'),
  exclusive: v.optional(flagField(), false),
});

/** A change of a list: what is not said stays. */
export const listChangeSchema = v.object({
  title: v.optional(titleField),
  replies_policy: v.optional(policyField),
  exclusive: v.optional(flagField()),
});

export const listAccountsSchema = v.object({
  account_ids: v.optional(listField(idField(), 200), []),
});

export const tagNameSchema = v.object({ name: textField(101) });

export const familiarSchema = v.object({ id: v.optional(listField(idField(), 40), []) });

const tagNames = v.optional(listField(textField(101), 10), []);

/** Further tags of a hashtag timeline: one of `any` is enough, all of `all` and none of `none`. */
export const tagsSchema = v.object({ any: tagNames, all: tagNames, none: tagNames });
