import * as v from 'valibot';
import { findLogin } from '#domain/accounts/login-queries.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { readFields } from '#domain/accounts/profile.ts';
import { findSigningKey } from '#domain/accounts/signing-key-queries.ts';
import { findBlob } from '#domain/storage/queries.ts';
import { actorDocument } from '#doors/federation/documents/actor.ts';
import { entries, type profileSchema } from './format.ts';
import { namePeople, timeText } from './out-names.ts';
import { addSidecars, holdFile, readLoosePhotos, takePhoto } from './out-photos.ts';
import { listLoosePhotos, listWaiting } from './out-queries.ts';
import type { Out } from './out-types.ts';

type Profile = v.InferOutput<typeof profileSchema>;

/** Writes the profile with settings and picture, for us and as the actor that Mastodon's archives have. */
export function outProfile(out: Out): void {
  const { account, ctx } = out;
  const login = findLogin(ctx.db, account.id);
  const aliases: unknown = JSON.parse(account.alsoKnownAs);
  const movedTo = account.movedToId === null ? undefined : namePeople(out, [account.movedToId]);
  const profile: Profile = {
    username: account.username,
    displayName: account.displayName,
    bio: account.bio,
    website: account.website,
    location: account.location,
    pronouns: account.pronouns,
    fields: readFields(account).map(({ name, value }) => ({ name, value })),
    avatar: takeAvatar(out),
    email: login?.email ?? '',
    locked: account.locked !== 0,
    discoverable: account.discoverable !== 0,
    indexable: account.indexable !== 0,
    noindex: account.noindex !== 0,
    hideCollections: account.hideCollections !== 0,
    alsoKnownAs: v.is(v.array(v.string()), aliases) ? aliases : [],
    movedTo: movedTo?.get(account.movedToId ?? 0)?.uri ?? null,
    createdAt: timeText(account.createdAt),
    preferences: { ...readPreferences(ctx.db, account.id) },
  };
  out.scratch.text(entries.profile).write(`${JSON.stringify(profile, null, 2)}\n`);
  const actor = actorDocument(ctx, account, findSigningKey(ctx.db, account.id)?.publicPem ?? '');
  const inArchive = {
    ...actor,
    ...(profile.avatar === null
      ? {}
      : { icon: { type: 'Image', mediaType: profile.avatar.mime, url: profile.avatar.file } }),
    outbox: entries.outbox,
    likes: entries.likedUris,
    bookmarks: entries.bookmarkUris,
  };
  out.scratch.text(entries.actor).write(`${JSON.stringify(inArchive, null, 2)}\n`);
}

function takeAvatar(out: Out): Profile['avatar'] {
  const { account, ctx } = out;
  const blob = account.avatarBlob === null ? null : findBlob(ctx.db, account.avatarBlob);
  if (blob === null) return null;
  const { name, sha256, bytes, mime } = blob;
  const kept = { entry: entries.avatar, blob: name, sha256, modifiedAt: blob.createdAt };
  if (!holdFile(out, kept)) return null;
  return { file: entries.avatar, sha256, bytes, mime };
}

/** Writes what waits: posts for later, drafts, and photos that no post has yet. */
export function outWaiting(out: Out): void {
  const file = out.scratch.text(entries.waiting);
  const loose = new Set(listLoosePhotos(out.ctx.db, out.account.id));
  const take = (ids: readonly number[]) => {
    const shelf = readLoosePhotos(out, ids);
    return (shelf.of.get(0) ?? []).flatMap((view) => {
      if (!loose.delete(view.id)) return [];
      const place = { at: view.createdAt, id: view.id, number: 1 };
      const photo = takePhoto(out, view, place, shelf.hashes);
      addSidecars(out, photo, null, view.createdAt);
      return [photo];
    });
  };
  const write = (line: object) => file.write(`${JSON.stringify(line)}\n`);
  for (const row of listWaiting(out.ctx.db, out.account.id)) {
    const input: unknown = JSON.parse(row.input);
    const ids = v.safeParse(v.object({ mediaIds: v.array(v.number()) }), input);
    const photos = take(ids.success ? ids.output.mediaIds : []);
    write({ at: row.scheduledAt === null ? null : timeText(row.scheduledAt), input, photos });
  }
  for (const id of [...loose]) {
    const photos = take([id]);
    if (photos.length > 0) write({ at: null, input: null, photos });
  }
}
