import { posts as words } from '#web/text/posts.ts';
import { type Gestures, watchGestures } from './gestures.ts';
import { countText, type ViewerItem } from './viewer-items.ts';

type Open = {
  dialog: HTMLDialogElement;
  image: HTMLImageElement;
  items: ViewerItem[];
  gestures: Gestures;
  at: number;
};

const find = <T extends Element>(within: Element, selector: string) =>
  within.querySelector(selector) as T;

/** The small picture at once, the large one when it is there. */
function load(open: Open, item: ViewerItem): void {
  const { image } = open;
  image.src = item.small || item.address;
  image.alt = item.alt;
  const large = new Image();
  large.src = item.address;
  const swap = () => {
    if (open.items[open.at] === item) image.src = item.address;
  };
  large.decode().then(swap, swap);
}

function show(open: Open, at: number): void {
  const item = open.items[at];
  if (!item) return;
  open.at = at;
  const { dialog, items } = open;
  load(open, item);
  open.gestures.reset(item);
  find(dialog, '.viewer-count').textContent = items.length > 1 ? countText(at, items.length) : '';
  find<HTMLButtonElement>(dialog, '[data-act="back"]').disabled = at === 0;
  find<HTMLButtonElement>(dialog, '[data-act="on"]').disabled = at === items.length - 1;
  // A button that was just switched off has let go of the focus, and with it of the arrow keys.
  if (!dialog.contains(document.activeElement)) dialog.focus();
  const download = find<HTMLAnchorElement>(dialog, '[data-download]');
  download.hidden = item.download === null;
  if (item.download !== null) download.href = item.download;
  history.replaceState({ viewer: true }, '', item.page);
  const next = items[at + 1];
  if (next) new Image().src = next.address;
}

function act(open: Open, name: string | undefined): void {
  if (name === 'close') open.dialog.close();
  else if (name === 'back') show(open, open.at - 1);
  else if (name === 'on') show(open, open.at + 1);
  else if (name === 'in') open.gestures.zoom(1.6);
  else if (name === 'out') open.gestures.zoom(1 / 1.6);
}

const keys: Record<string, string> = {
  ArrowLeft: 'back',
  ArrowRight: 'on',
  '+': 'in',
  '=': 'in',
  '-': 'out',
};

/** Leaves the viewer as it was entered: same page, same address, same place on it. */
function watchLeaving(dialog: HTMLDialogElement, opener: HTMLElement | null): void {
  const popped = () => dialog.close();
  addEventListener('popstate', popped, { once: true });
  dialog.addEventListener('close', () => {
    removeEventListener('popstate', popped);
    if ((history.state as { viewer?: boolean } | null)?.viewer) history.back();
    dialog.remove();
    document.documentElement.classList.remove('viewer-open');
    opener?.focus({ preventScroll: true });
  });
}

/** Opens photos over the whole window. The dialog holds the focus and closes on Escape or "back". */
export function openViewer(
  dialog: HTMLDialogElement,
  items: ViewerItem[],
  at: number,
  opener: HTMLElement | null,
): void {
  const stage = find<HTMLElement>(dialog, '.viewer-stage');
  const image = find<HTMLImageElement>(dialog, '.viewer-photo');
  const first = items[at] ?? { width: 1, height: 1 };
  const gestures = watchGestures(stage, image, first, (by) => show(open, open.at + by));
  const open: Open = { dialog, image, items, gestures, at };
  dialog.setAttribute('aria-label', words.viewer);
  dialog.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-act]') : null;
    if (button instanceof HTMLElement) act(open, button.dataset.act);
  });
  dialog.addEventListener('keydown', (event) => {
    const name = keys[event.key];
    if (name === undefined) return;
    event.preventDefault();
    act(open, name);
  });
  history.pushState({ viewer: true }, '', items[at]?.page);
  watchLeaving(dialog, opener);
  document.documentElement.classList.add('viewer-open');
  document.body.append(dialog);
  dialog.tabIndex = -1;
  dialog.showModal();
  show(open, at);
  dialog.focus();
}
