import { callApi } from './api.ts';
import { type LiveMessage, onLive } from './live.ts';

const MOST = 98;

/** Keeps the number on the bell right while the page is open; on pages of signed-in people alone. */
export function liveMarks(): void {
  const marks = [...document.querySelectorAll<HTMLElement>('[data-unread]')];
  if (marks.length === 0) return;
  const show = (mark: HTMLElement, number: number) => {
    mark.dataset.unread = String(number);
    mark.textContent = number > MOST ? `${MOST + 1}+` : String(number);
    mark.hidden = number === 0;
  };
  const numberOf = (mark: HTMLElement) => Number(mark.dataset.unread ?? 0);
  onLive((message: LiveMessage | 'again') => {
    if (message === 'again') void catchUp();
    else if (message.event === 'notification') {
      for (const mark of marks) show(mark, numberOf(mark) + 1);
    }
  });
  // What came while nobody looked; requests to follow stand in the number as well, so it never sinks.
  async function catchUp(): Promise<void> {
    const answer = await callApi<{ count: number }>(
      'GET',
      '/api/v1/notifications/unread_count',
      '',
    );
    if (!answer.ok) return;
    for (const mark of marks) show(mark, Math.max(numberOf(mark), answer.data.count));
  }
}
