import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import type { Preferences } from '#domain/accounts/preferences.ts';
import { type ProfileChanges, type ProfileField, profileLimits } from '#domain/accounts/profile.ts';
import { findLicence } from '#domain/posts/licences.ts';
import { cleanWords } from '#domain/posts/limits.ts';
import { flagField, listField, parseInput, textField } from '#doors/http/fields.ts';

/** Longer than anything that is taken: the domain's own sentence about length is the better one. */
const LONG = 20_000;
const flag = () => v.nullish(flagField());
const text = () => v.nullish(textField(LONG));

const fieldSchema = v.object({
  name: v.optional(textField(LONG), ''),
  value: v.optional(textField(LONG), ''),
});

/** What update_credentials and PATCH /api/v1/profile take: Mastodon's names and Pixelfed's. */
export const credentialsSchema = v.object({
  display_name: text(),
  note: text(),
  locked: flag(),
  discoverable: flag(),
  indexable: flag(),
  hide_collections: flag(),
  fields_attributes: v.nullish(listField(fieldSchema, 50)),
  source: v.nullish(
    v.object({
      privacy: v.nullish(textField(20)),
      sensitive: flag(),
      language: v.nullish(textField(40)),
    }),
  ),
  // Pixelfed's names.
  website: text(),
  location: text(),
  pronouns: v.nullish(listField(textField(LONG), 20)),
  crawlable: flag(),
  is_suggestable: flag(),
  show_atom: flag(),
  media_descriptions: flag(),
  license: v.nullish(textField(40)),
});
type Said = v.InferOutput<typeof credentialsSchema>;

/** What is to change of the viewer's account. */
export type CredentialChanges = { profile: ProfileChanges; preferences: Partial<Preferences> };

/** Reads a change of the own account; what is not said, or not known here, stays. Throws `invalid`. */
export function readCredentials(input: unknown): CredentialChanges {
  const said = parseInput(credentialsSchema, input);
  return { profile: profileOf(said), preferences: preferencesOf(said) };
}

function profileOf(said: Said): ProfileChanges {
  const discoverable = said.discoverable ?? said.is_suggestable;
  return {
    ...given('displayName', said.display_name),
    ...given('bio', said.note),
    ...given('website', said.website),
    ...given('location', said.location),
    ...given('pronouns', said.pronouns?.join(', ')),
    ...given('locked', said.locked),
    ...given('discoverable', discoverable),
    ...given('indexable', said.indexable),
    ...given('hideCollections', said.hide_collections),
    ...given('noindex', typeof said.crawlable === 'boolean' ? !said.crawlable : undefined),
    ...given('fields', said.fields_attributes ? linesOf(said.fields_attributes) : undefined),
  };
}

/** Empty lines are how apps leave one out. The website is a line only to look at; it has its own name. */
function linesOf(lines: readonly ProfileField[]): ProfileField[] {
  const kept = lines.filter(({ name, value }) => name.trim() !== '' || value.trim() !== '');
  if (kept.length <= profileLimits.fields) return kept;
  throw new AppError(
    'invalid',
    `Validation failed: fields_attributes: must be at most ${profileLimits.fields} entries`,
  );
}

function preferencesOf(said: Said): Partial<Preferences> {
  const { privacy, sensitive, language } = said.source ?? {};
  return {
    ...given('defaultVisibility', privacy ? visibilityOf(privacy) : undefined),
    ...given('defaultSensitive', sensitive),
    ...(typeof language === 'string' ? { defaultLanguage: languageOf(language) } : {}),
    ...given('showFeed', said.show_atom),
    ...given('requireAltText', said.media_descriptions),
    ...given('defaultLicence', said.license ? licenceOf(said.license) : undefined),
  };
}

const VISIBILITIES: Readonly<Record<string, Preferences['defaultVisibility']>> = {
  public: 'public',
  unlisted: 'unlisted',
  private: 'followers',
  direct: 'self',
};

function visibilityOf(word: string): Preferences['defaultVisibility'] {
  const visibility = Object.hasOwn(VISIBILITIES, word) ? VISIBILITIES[word] : undefined;
  if (visibility) return visibility;
  throw new AppError('invalid', 'Validation failed: source.privacy: is not known');
}

function languageOf(code: string): string | null {
  return cleanWords({ caption: '', spoiler: '', place: '', language: code }).language;
}

function licenceOf(text: string): string {
  const licence = findLicence(text);
  if (licence) return licence.key;
  throw new AppError('invalid', 'Validation failed: license: is not known here');
}

/** `{ [name]: value }`, or nothing where nothing was said. */
function given<K extends string, T>(name: K, value: T | null | undefined): { [P in K]?: T } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { [P in K]: T });
}
