import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { findAccount, updateProfile } from './queries.ts';
import type { Viewer } from './viewer.ts';

const MAX_NAME = 60;
const MAX_BIO = 500;
const MAX_WEBSITE = 200;

export type ProfileChanges = {
  displayName?: string;
  bio?: string;
  website?: string;
  locked?: boolean;
  discoverable?: boolean;
  indexable?: boolean;
};

/** Changes what the viewer's profile shows; what is left out stays. Throws `invalid` with all mistakes by field. */
export function changeProfile(ctx: Context, viewer: Viewer, changes: ProfileChanges): void {
  const now = findAccount(ctx.db, viewer.id);
  if (!now) throw new AppError('not_found', 'There is no such account here.');
  const displayName = oneLine(changes.displayName ?? now.displayName);
  const bio = manyLines(changes.bio ?? now.bio);
  const website = changes.website === undefined ? now.website : webAddress(changes.website);
  const fields: Record<string, string> = {};
  if ([...displayName].length > MAX_NAME) {
    fields.display_name = `A name has at most ${MAX_NAME} characters.`;
  }
  if ([...bio].length > MAX_BIO) fields.bio = `This has at most ${MAX_BIO} characters.`;
  if (website === null) fields.website = 'A website starts with https:// or http://.';
  const first = Object.values(fields)[0];
  if (first !== undefined || website === null) {
    throw new AppError('invalid', first ?? 'Something does not fit.', { fields });
  }
  updateProfile(ctx.db, {
    id: viewer.id,
    displayName,
    bio,
    website,
    locked: Number(changes.locked ?? now.locked !== 0),
    discoverable: Number(changes.discoverable ?? now.discoverable !== 0),
    indexable: Number(changes.indexable ?? now.indexable !== 0),
  });
  ctx.live.emit({ type: 'account.changed', accountId: viewer.id });
}

/** Control characters and those that turn the direction of text would let a name draw over its neighbours. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function manyLines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** An http(s) address as typed, `https://` added where only a host was typed; null for anything else. */
function webAddress(text: string): string | null {
  const typed = text.trim();
  if (typed === '') return '';
  const full = /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`;
  if (full.length > MAX_WEBSITE || !URL.canParse(full)) return null;
  const url = new URL(full);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  const plain = url.username === '' && url.password === '';
  return web && plain && url.hostname.includes('.') ? url.href : null;
}
