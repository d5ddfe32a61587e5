import { callApi } from './api.ts';
import { sayOnce } from './say.ts';

const endpoints: Readonly<Record<string, readonly [string, string]>> = {
  like: ['favourite', 'unfavourite'],
  boost: ['reblog', 'unreblog'],
  bookmark: ['bookmark', 'unbookmark'],
};

/** Shows a sign as pressed or not, and moves its number by one. */
function show(button: HTMLButtonElement, on: boolean): void {
  if (on) button.dataset.on = '';
  else delete button.dataset.on;
  button.setAttribute('aria-pressed', String(on));
  button.title = (on ? button.dataset.undo : button.dataset.do) ?? '';
  const form = button.closest('form');
  const name = button.dataset.act ?? '';
  if (form) form.action = form.action.replace(/\/(un)?[a-z]+$/, `/${on ? 'un' : ''}${name}`);
  const count = button.querySelector('[data-count]');
  if (!count) return;
  const number = Number(count.textContent || 0) + (on ? 1 : -1);
  count.textContent = number > 0 ? String(number) : '';
}

async function press(button: HTMLButtonElement, csrf: string): Promise<void> {
  const [act, undo] = endpoints[button.dataset.act ?? ''] ?? [];
  const on = button.dataset.on === undefined;
  const path = `/api/v1/statuses/${button.dataset.postId}/${on ? act : undo}`;
  const same = document.querySelectorAll<HTMLButtonElement>(
    `.act[data-act="${button.dataset.act}"][data-post-id="${button.dataset.postId}"]`,
  );
  // At once: who likes a photo should not wait for a server. A refusal takes it back and says why.
  for (const each of same) show(each, on);
  button.dataset.busy = '';
  const answer = await callApi('POST', path, csrf);
  delete button.dataset.busy;
  if (answer.ok) return;
  for (const each of same) show(each, !on);
  sayOnce(answer.sentence);
}

/** Likes, boosts and bookmarks without loading the page anew. */
export function enhanceActs(): void {
  document.addEventListener(
    'submit',
    (event) => {
      if (!(event.target instanceof HTMLFormElement)) return;
      const form = event.target;
      const button = form.querySelector<HTMLButtonElement>('button.act[data-act]');
      if (!button) return;
      event.preventDefault();
      // Before the guard that lets a form be sent only once.
      event.stopImmediatePropagation();
      if (button.dataset.busy !== undefined) return;
      const csrf = form.querySelector<HTMLInputElement>('input[name="csrf"]')?.value ?? '';
      void press(button, csrf);
    },
    { capture: true },
  );
}
