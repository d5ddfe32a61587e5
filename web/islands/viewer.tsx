import { render } from 'preact';
import { enhanceViewerPage } from '#web/client/enhance-viewer-page.ts';
import { openViewer } from '#web/client/open-viewer.ts';
import { readItems, readWords } from '#web/client/viewer-items.ts';
import { ViewerFrame } from '#web/components/viewer-frame.tsx';

function openFrom(link: HTMLAnchorElement): boolean {
  const article = link.closest('[data-post]');
  const items = article ? readItems(article) : [];
  const at = items.findIndex((item) => item.page === link.href);
  if (!article || at < 0) return false;
  const dialog = document.createElement('dialog');
  dialog.className = 'viewer viewer-live';
  render(<ViewerFrame />, dialog);
  dialog.querySelector('.viewer-words')?.append(...readWords(article));
  openViewer(dialog, items, at, link);
  return true;
}

/** A click on a photo opens it over this page; with a modifier key it stays a link. */
function watchPhotos(): void {
  document.addEventListener('click', (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    const link =
      event.target instanceof Element
        ? event.target.closest<HTMLAnchorElement>('.photo-link[data-photo]')
        : null;
    if (link && openFrom(link)) event.preventDefault();
  });
}

const page = document.querySelector<HTMLElement>('.viewer-page');
if (page) enhanceViewerPage(page);
else watchPhotos();
