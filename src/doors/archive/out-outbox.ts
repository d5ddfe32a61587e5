import type { JsonObject } from '#base/core/json.ts';
import { announceActivity, createActivity } from '#doors/federation/documents/activities.ts';
import { contexts, withoutContext } from '#doors/federation/documents/context.ts';
import { idsOf, PUBLIC } from '#doors/federation/documents/ids.ts';
import { noteDocuments } from '#doors/federation/documents/note.ts';
import { type ArchivedPhoto, entries } from './format.ts';
import type { TakenPost } from './out-posts.ts';
import type { Out } from './out-types.ts';

/** A boost of the person; `uri` is the post's. */
type Boost = {
  id: number;
  uri: string;
  at: number;
  visibility: 'public' | 'unlisted' | 'followers';
};

export type Outbox = {
  addPosts(taken: readonly TakenPost[]): void;
  addBoost(boost: Boost): void;
  end(): void;
};

/**
 * Begins `outbox.json`, which Mastodon's archives have too: everything as activities, the newest
 * last, with photos by their names in the archive.
 */
export function openOutbox(out: Out): Outbox {
  const file = out.scratch.text(entries.outbox);
  const head = { '@context': contexts.note, id: entries.outbox, type: 'OrderedCollection' };
  file.write(`${JSON.stringify(head).slice(0, -1)},"orderedItems":[`);
  let items = 0;
  const add = (activity: JsonObject) => {
    file.write(`${items === 0 ? '' : ','}\n${JSON.stringify(withoutContext(activity))}`);
    items += 1;
  };
  return {
    addPosts: (taken) => {
      const posts = taken.map(({ row }) => row);
      const notes = new Map(noteDocuments(out.ctx, posts).map((note) => [note.id, note]));
      for (const { post } of taken) {
        const note = notes.get(post.uri);
        if (note) add(createActivity({ ...note, attachment: post.photos.flatMap(attachment) }));
      }
    },
    addBoost: (boost) => add(announce(out, boost)),
    end: () => file.write(`\n],"totalItems":${items}}\n`),
  };
}

function announce({ ctx, account }: Out, boost: Boost): JsonObject {
  const ids = idsOf(ctx.config);
  const followers = ids.followers(account.username);
  const { visibility } = boost;
  return announceActivity({
    id: ids.share(account.username, boost.id),
    actor: ids.actor(account.username),
    object: boost.uri,
    published: boost.at,
    to: [visibility === 'public' ? PUBLIC : followers],
    cc: visibility === 'public' ? [followers] : visibility === 'unlisted' ? [PUBLIC] : [],
  });
}

function attachment(photo: ArchivedPhoto): JsonObject[] {
  const file = photo.original ?? photo.renditions.at(-1);
  if (file === undefined) return [];
  const { alt, width, height, blurhash, focus } = photo;
  return [
    {
      type: 'Image',
      mediaType: file.mime,
      url: file.file,
      name: alt === '' ? null : alt,
      width,
      height,
      blurhash,
      focalPoint: [focus.x, focus.y],
    },
  ];
}
