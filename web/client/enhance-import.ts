import { bytesText } from './bytes.ts';

const AGAIN = 2_000;
const TRIES = 5;

type State = { state: string; done: number; total: number; offset: number };

/** The page of an import: a file comes in pieces and goes on after a break; what is at work is told. */
export function enhanceImport(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-import-upload]');
  form?.addEventListener('submit', (event) => {
    const file = form.querySelector<HTMLInputElement>('input[type=file]')?.files?.[0];
    if (file === undefined) return;
    event.preventDefault();
    upload(form, file).catch((error: unknown) => say(form, messageOf(error)));
  });
  const watched = document.querySelector<HTMLElement>('[data-import-watch]');
  if (watched) setTimeout(() => void watch(watched), AGAIN);
}

async function upload(form: HTMLFormElement, file: File): Promise<void> {
  const button = form.querySelector('button');
  button?.setAttribute('disabled', '');
  try {
    const { importName, importBytes, importUpload = '' } = form.dataset;
    const isSame = importName === file.name && importBytes === String(file.size);
    let id = isSame ? importUpload : '';
    let offset = 0;
    let piece = 4_000_000;
    if (id === '') {
      const list = form.querySelector<HTMLSelectElement>('select')?.value ?? '';
      const begun = await ask<{ id: string; piece: number }>('/settings/import/begin', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: file.name, bytes: file.size, list }),
      });
      ({ id, piece } = begun);
    } else ({ offset } = await ask<State>(`/settings/import/${id}/state`));
    await sendPieces(form, file, { id, offset, piece });
    location.assign(`/settings/import/${id}`);
  } finally {
    button?.removeAttribute('disabled');
  }
}

async function sendPieces(
  form: HTMLFormElement,
  file: File,
  from: { id: string; offset: number; piece: number },
): Promise<void> {
  const bar = form.querySelector('progress');
  let { offset } = from;
  let tries = 0;
  if (bar) bar.hidden = false;
  while (offset < file.size) {
    try {
      const sent = await ask<{ offset: number }>(
        `/settings/import/${from.id}/bytes?offset=${offset}`,
        {
          method: 'PUT',
          headers: { 'content-type': 'application/octet-stream' },
          body: file.slice(offset, offset + from.piece),
        },
      );
      ({ offset } = sent);
      tries = 0;
    } catch (error) {
      tries += 1;
      if (tries >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN * tries));
      ({ offset } = await ask<State>(`/settings/import/${from.id}/state`));
    }
    if (bar) bar.value = offset / file.size;
    say(form, `${bytesText(offset)} / ${bytesText(file.size)}`);
  }
}

async function watch(place: HTMLElement): Promise<void> {
  try {
    const id = place.dataset.importWatch;
    const now = await ask<State>(`/settings/import/${id}/state`);
    const isAtWork = ['uploaded', 'reading', 'importing', 'removing'].includes(now.state);
    const bar = place.querySelector('progress');
    const isCounted = bar?.hasAttribute('max') === true;
    if (!isAtWork || (now.state === 'importing' && !isCounted)) {
      location.reload();
      return;
    }
    if (bar && isCounted) bar.value = now.done;
    say(place, `${now.done.toLocaleString('en')} of ${now.total.toLocaleString('en')}`);
  } catch {
    // The server may be away for a moment; the page asks again.
  }
  setTimeout(() => void watch(place), AGAIN);
}

async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  const answer = await fetch(path, {
    ...options,
    headers: { accept: 'application/json', ...options.headers },
  });
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok) return said as T;
  const text = typeof said === 'object' && said !== null && 'error' in said ? said.error : null;
  throw new Error(typeof text === 'string' ? text : `The server answered ${answer.status}.`);
}

function say(place: HTMLElement, text: string): void {
  const line = place.querySelector('[data-import-says]');
  if (line) line.textContent = text;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
