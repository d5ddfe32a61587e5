import { watchGestures } from './gestures.ts';

const keys: Record<string, string> = {
  ArrowLeft: 'a[rel="prev"]',
  ArrowRight: 'a[rel="next"]',
  Escape: '.viewer-bar a',
};

/** The page of one photo with a script: zoom and pan, and keys that follow its links. */
export function enhanceViewerPage(page: HTMLElement): void {
  const stage = page.querySelector<HTMLElement>('.viewer-stage');
  const image = page.querySelector<HTMLImageElement>('.viewer-photo');
  if (!stage || !image) return;
  const follow = (selector: string | undefined) => {
    const link = selector ? page.querySelector<HTMLAnchorElement>(selector) : null;
    if (link) location.assign(link.href);
  };
  page.classList.add('viewer-live');
  const size = {
    width: Number(image.getAttribute('width')),
    height: Number(image.getAttribute('height')),
  };
  watchGestures(stage, image, size, (by) => follow(keys[by === 1 ? 'ArrowRight' : 'ArrowLeft']));
  document.addEventListener('keydown', (event) => follow(keys[event.key]));
}
