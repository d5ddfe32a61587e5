import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLive } from '#domain/emit-live.ts';
import { federate } from '#domain/federate.ts';
import { updateHideCollections } from './moving-queries.ts';
import { cleanLine, cleanLines, cleanWebsite } from './profile-text.ts';
import { type AccountRow, findAccount, updateProfile } from './queries.ts';
import type { Viewer } from './viewer.ts';

/** How long each part of a profile may be, in characters. */
export const profileLimits = {
  displayName: 60,
  bio: 500,
  location: 100,
  pronouns: 60,
  fields: 4,
  fieldText: 255,
} as const;

export type ProfileField = { name: string; value: string };
export type ProfileChanges = {
  displayName?: string;
  bio?: string;
  website?: string;
  location?: string;
  pronouns?: string;
  fields?: readonly ProfileField[];
  locked?: boolean;
  discoverable?: boolean;
  indexable?: boolean;
  noindex?: boolean;
  /** Nobody else sees who follows the person and whom the person follows. */
  hideCollections?: boolean;
};

/** The extra lines of a profile. */
export function readFields(row: Pick<AccountRow, 'fields'>): ProfileField[] {
  return JSON.parse(row.fields) as ProfileField[];
}

/** Changes what the viewer's profile shows; what is left out stays. Throws `invalid` with all mistakes by field of the form. */
export function changeProfile(ctx: Context, viewer: Viewer, changes: ProfileChanges): void {
  const now = findAccount(ctx.db, viewer.id);
  if (!now) throw new AppError('not_found', 'There is no such account here.');
  const wanted = {
    display_name: cleanLine(changes.displayName ?? now.displayName),
    note: cleanLines(changes.bio ?? now.bio),
    location: cleanLine(changes.location ?? now.location),
    pronouns: cleanLine(changes.pronouns ?? now.pronouns),
  };
  const website = changes.website === undefined ? now.website : cleanWebsite(changes.website);
  const fields = cleanFields(changes.fields ?? readFields(now));
  const problems = { ...tooLong(wanted), ...problemsOfFields(fields) };
  if (website === null) problems.website = 'A website starts with https:// or http://.';
  const first = Object.values(problems)[0];
  if (first !== undefined || website === null) {
    throw new AppError('invalid', first ?? '', { fields: problems });
  }
  const row = {
    id: viewer.id,
    displayName: wanted.display_name,
    bio: wanted.note,
    website,
    location: wanted.location,
    pronouns: wanted.pronouns,
    fields: JSON.stringify(fields),
    locked: Number(changes.locked ?? now.locked !== 0),
    discoverable: Number(changes.discoverable ?? now.discoverable !== 0),
    indexable: Number(changes.indexable ?? now.indexable !== 0),
    noindex: Number(changes.noindex ?? now.noindex !== 0),
  };
  transaction(ctx.db, () => {
    updateProfile(ctx.db, row);
    if (changes.hideCollections !== undefined) {
      updateHideCollections(ctx.db, viewer.id, changes.hideCollections);
    }
    federate(ctx, { what: 'account', accountId: viewer.id });
  });
  emitLive(ctx, 'account.changed', { accountId: viewer.id });
}

function tooLong(texts: Record<'display_name' | 'note' | 'location' | 'pronouns', string>) {
  const limits = {
    display_name: profileLimits.displayName,
    note: profileLimits.bio,
    location: profileLimits.location,
    pronouns: profileLimits.pronouns,
  };
  const problems: Record<string, string> = {};
  for (const name of ['display_name', 'note', 'location', 'pronouns'] as const) {
    if ([...texts[name]].length > limits[name]) {
      problems[name] = `This has at most ${limits[name]} characters.`;
    }
  }
  return problems;
}

function cleanFields(fields: readonly ProfileField[]): ProfileField[] {
  return fields
    .map(({ name, value }) => ({ name: cleanLine(name), value: cleanLine(value) }))
    .filter(({ name, value }) => name !== '' || value !== '')
    .slice(0, profileLimits.fields);
}

function problemsOfFields(fields: readonly ProfileField[]): Record<string, string> {
  const problems: Record<string, string> = {};
  const most = profileLimits.fieldText;
  for (const [index, { name, value }] of fields.entries()) {
    if (name.length > most) problems[`field_name_${index + 1}`] = `At most ${most} characters.`;
    if (value.length > most) problems[`field_value_${index + 1}`] = `At most ${most} characters.`;
  }
  return problems;
}
