import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import type { PageHead } from '#doors/render/page-content.ts';
import { displayName } from '#web/client/address.ts';

const DESCRIPTION = 200;

/**
 * What `<head>` tells of a post (Open Graph): nothing of one that not everybody sees, and behind a
 * content warning only the warning, never the photo.
 */
export function postHead(post: StatusJson): PageHead {
  if (!isOpen(post)) return { noindex: true };
  const noindex = post.visibility !== 'public' || post.account.noindex;
  const head: PageHead = { kind: 'article', canonical: post.url, ...(noindex ? { noindex } : {}) };
  if (post.spoiler_text !== '') return { ...head, description: shorten(post.spoiler_text) };
  const [photo] = post.media_attachments;
  const words = post.content_text ?? photo?.description ?? '';
  if (words !== '') head.description = shorten(words);
  if (photo?.url && !post.sensitive) {
    head.image = {
      url: photo.url,
      alt: photo.description ?? '',
      ...(photo.meta
        ? { width: photo.meta.original.width, height: photo.meta.original.height }
        : {}),
    };
  }
  return head;
}

/** What `<head>` tells of a person. */
export function profileHead(profile: AccountJson, feedUrl: string | null): PageHead {
  return {
    kind: 'profile',
    canonical: profile.url,
    ...(profile.noindex ? { noindex: true } : {}),
    ...(profile.note_text ? { description: shorten(profile.note_text) } : {}),
    ...(profile.avatar.endsWith('/missing.png')
      ? {}
      : { image: { url: profile.avatar, alt: nameOf(profile) } }),
    ...(feedUrl === null ? {} : { feed: { url: feedUrl, title: `Photos by ${nameOf(profile)}` } }),
  };
}

/** Whether everybody who may read the instance sees a post. */
export function isOpen(post: StatusJson): boolean {
  const { visibility, archived } = post.tintype;
  return !archived && (visibility === 'public' || visibility === 'unlisted');
}

/** The title of a post's page: its first words, or whose it is. */
export function postTitle(post: StatusJson): string {
  const words = post.spoiler_text || post.content_text || '';
  const name = nameOf(post.account);
  return words === '' ? `Photo by ${name}` : `${name}: ${shorten(words, 60)}`;
}

/** How somebody is called: the chosen name, else the username. */
export function nameOf(account: AccountJson): string {
  return displayName(account);
}

function shorten(text: string, most = DESCRIPTION): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}
