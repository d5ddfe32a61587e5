import { callApi } from './api.ts';
import { onLive } from './live.ts';
import { recentTimes } from './recent-times.ts';

/** Milliseconds after which what is on the screen counts as seen. */
const SEEN_AFTER = 1500;

/** On `/notifications`: brings in what happens meanwhile, and remembers what was seen. */
export function liveNews(): void {
  const place = document.querySelector<HTMLElement>('[data-notifications]');
  if (!place) return;
  const refresh = async () => {
    // A question or a menu that is open is not pulled away from under a finger.
    if (place.querySelector('details[open]')) return;
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = fresh.querySelector('[data-notifications]');
    if (!next) return;
    place.replaceChildren(...next.childNodes);
    recentTimes();
    markSeen(place);
  };
  onLive((message) => {
    if (message === 'again' || message.event === 'notification') void refresh();
  });
  markSeen(place);
}

function markSeen(place: HTMLElement): void {
  const form = place.querySelector<HTMLFormElement>('#mark-read');
  const last = form?.querySelector<HTMLInputElement>('input[name="last"]')?.value;
  const csrf = form?.querySelector<HTMLInputElement>('input[name="csrf"]')?.value;
  if (!form || !last || csrf === undefined) return;
  setTimeout(async () => {
    if (document.hidden || !form.isConnected) return;
    const mark = { notifications: { last_read_id: last } };
    const answer = await callApi('POST', '/api/v1/markers', csrf, mark);
    if (answer.ok) form.hidden = true;
  }, SEEN_AFTER);
}
