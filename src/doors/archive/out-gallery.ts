import { escapeHtml } from '#base/core/html.ts';
import { findAsset } from '#doors/http/assets.ts';
import type { GalleryOwner, GalleryPhoto, GalleryPost } from '#web/gallery/types.ts';
import { gallery as words } from '#web/text/gallery.ts';
import { type ArchivedPhoto, type ArchivedPost, entries } from './format.ts';
import type { TakenPost } from './out-posts.ts';
import type { ShortComment } from './out-received.ts';
import type { Out } from './out-types.ts';

/** Posts in one script: small enough to be read at once, few enough for the page to name them all. */
const POSTS_EACH = 1000;
const SCRIPT = 'gallery/gallery.js';
const STYLE = 'gallery/gallery.css';

export type Gallery = {
  add(taken: readonly TakenPost[], comments: ReadonlyMap<number, ShortComment[]>): void;
  /** Writes the page; gives the names of the two files of the program that belong beside it. */
  end(): { entry: string; path: string }[];
};

/**
 * Begins `index.html` and what it shows. Pages that are opened from a disk may not fetch and may not
 * load modules, so all data are plain scripts that fill a list.
 */
export function openGallery(out: Out): Gallery {
  const scripts: string[] = [];
  let posts = 0;
  const add = (post: GalleryPost) => {
    if (posts % POSTS_EACH === 0) scripts.push(`gallery/posts-${scripts.length + 1}.js`);
    posts += 1;
    out.scratch
      .text(scripts.at(-1) ?? '')
      .write(`(self.galleryPosts??=[]).push(${scriptJson(post)});\n`);
  };
  return {
    add: (taken, comments) => {
      for (const { row, post } of taken) {
        // Messages stand in their own file, and what one said below the photos of others is no photo.
        if (post.visibility === 'direct' || post.photos.length === 0) continue;
        add(describe(post, comments.get(row.id) ?? []));
      }
    },
    end: () => {
      out.scratch.text('gallery/owner.js').write(`self.galleryOwner=${scriptJson(owner(out))};\n`);
      const page = pageHtml(out, ['gallery/owner.js', ...scripts.reverse(), SCRIPT]);
      out.scratch.text(entries.gallery).write(page);
      return [SCRIPT, STYLE].flatMap((entry) => {
        const asset = findAsset(entry);
        if (asset !== null) return [{ entry, path: asset.file }];
        out.problems.push({
          file: entry,
          problem: 'This program was started without its web files.',
        });
        return [];
      });
    },
  };
}

function describe(post: ArchivedPost, comments: ShortComment[]): GalleryPost {
  return {
    id: post.id,
    at: Date.parse(post.createdAt),
    caption: post.caption,
    warning: post.contentWarning,
    visibility: post.visibility,
    archived: post.archivedAt !== null,
    place: post.place,
    tags: post.tags,
    likes: post.counts.likes,
    boosts: post.counts.boosts,
    commentsCount: post.counts.comments,
    comments,
    photos: post.photos.flatMap(describePhoto),
  };
}

function describePhoto(photo: ArchivedPhoto): GalleryPhoto[] {
  const { original, renditions, camera } = photo;
  const large = renditions.find(({ name }) => name === 'large');
  // There is a large one exactly where the original will not do, or where all were wanted.
  const full = photo.edits === null && isShown(original) ? original : (large ?? original);
  const small = renditions.find(({ name }) => name === 'small') ?? full;
  if (full === null || small === null) return [];
  return [
    {
      small: small.file,
      full: full.file,
      original: original === null || original === full ? null : original.file,
      width: photo.width,
      height: photo.height,
      alt: photo.alt,
      takenAt: photo.takenAt,
      camera: cameraText(camera),
      focus: [percent(photo.focus.x), percent(-photo.focus.y)],
    },
  ];
}

/** Most cameras say their maker twice. */
function cameraText({ make = '', model = '' }: ArchivedPhoto['camera']): string {
  return model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`.trim();
}

function isShown(file: { mime: string } | null): boolean {
  return file !== null && /^image\/(?:jpeg|png|webp|gif)$/.test(file.mime);
}

/** From -1 … 1 to 0 … 100. */
function percent(axis: number): number {
  return Math.round((axis + 1) * 50);
}

function owner({ account, ctx }: Out): GalleryOwner {
  const origin = ctx.config.origin ?? '';
  return {
    name: account.displayName === '' ? account.username : account.displayName,
    handle: `@${account.username}@${origin.replace(/^https?:\/\//, '')}`,
    bio: account.bio,
    avatar: account.avatarBlob === null ? null : entries.avatar,
    url: `${origin}/@${account.username}`,
    madeAt: ctx.now(),
  };
}

/** JSON that is a script as well, in old browsers too. */
function scriptJson(value: object): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** Nothing from elsewhere; `file:` for pages from a disk, where some browsers do not take that for `'self'`. */
const POLICY =
  "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'";

function pageHtml({ account }: Out, scripts: readonly string[]): string {
  const name = account.displayName === '' ? account.username : account.displayName;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(words.title(name))}</title>
<link rel="stylesheet" href="${STYLE}">
</head>
<body>
<div id="gallery"></div>
<noscript><p>${escapeHtml(words.withoutScript)}</p></noscript>
${scripts.map((script) => `<script src="${script}" defer></script>`).join('\n')}
</body>
</html>
`;
}
