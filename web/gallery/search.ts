import type { GalleryPhoto, GalleryPost } from './types.ts';

/** A photo in the order of the gallery, with its post. */
export type Item = {
  /** What stands after # while it is shown. */
  key: string;
  post: GalleryPost;
  photo: GalleryPhoto;
  year: number;
};

/** All photos, the newest post first, those of a post in their order. */
export function listItems(posts: readonly GalleryPost[]): Item[] {
  return posts
    .toSorted((a, b) => b.at - a.at)
    .flatMap((post) =>
      post.photos.map((photo, at) => ({
        key: `photo/${post.id}/${at + 1}`,
        post,
        photo,
        year: new Date(post.at).getFullYear(),
      })),
    );
}

/** How many photos there are of each year, the newest first. */
export function countYears(items: readonly Item[]): { year: number; count: number }[] {
  const counts = new Map<number, number>();
  for (const { year } of items) counts.set(year, (counts.get(year) ?? 0) + 1);
  return [...counts].map(([year, count]) => ({ year, count }));
}

const haystacks = new WeakMap<Item, string>();

/** Those that have every word somewhere: in caption, description, tags, place or camera. */
export function findItems(items: readonly Item[], typed: string, year: number | null): Item[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  return items.filter(
    (item) =>
      (year === null || item.year === year) && words.every((word) => textOf(item).includes(word)),
  );
}

function textOf(item: Item): string {
  const known = haystacks.get(item);
  if (known !== undefined) return known;
  const { post, photo } = item;
  const tags = post.tags.map((tag) => `#${tag}`).join(' ');
  const parts = [post.caption, photo.alt, tags, post.place, photo.camera, post.warning];
  const text = fold(parts.join('\n'));
  haystacks.set(item, text);
  return text;
}

/** Without case and accents, so that "creme" finds "Crème". */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
