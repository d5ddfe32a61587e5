import { posts as words } from '#web/text/posts.ts';
import type { Size } from './zoom.ts';

/** One photo as the viewer shows it, read from the page. */
export type ViewerItem = Size & {
  /** Address of its own page, which the address bar shows meanwhile. */
  page: string;
  address: string;
  /** What is on the screen already, shown until the large one is there. */
  small: string;
  alt: string;
  download: string | null;
};

/** The photos of the post that a photo link belongs to, in their order. */
export function readItems(article: Element): ViewerItem[] {
  const links = [...article.querySelectorAll<HTMLAnchorElement>('.photo-link[data-photo]')];
  return links.map((link) => {
    const image = link.querySelector<HTMLImageElement>('.photo-image');
    return {
      page: link.href,
      address: link.dataset.photo ?? '',
      small: image?.currentSrc || image?.src || '',
      alt: image?.alt ?? '',
      width: Number(link.dataset.width) || 1,
      height: Number(link.dataset.height) || 1,
      download: link.dataset.download ?? null,
    };
  });
}

/** The words of the post, copied: its author and caption. */
export function readWords(article: Element): Node[] {
  const name = article.querySelector('.post-name')?.cloneNode(true);
  const caption = article.querySelector('.caption')?.cloneNode(true);
  if (caption instanceof Element) caption.classList.remove('caption-long');
  return [name, caption].filter((node): node is Node => node !== undefined);
}

/** "Photo 2 of 4". */
export const countText = (at: number, count: number) => words.photoOf(at + 1, count);
