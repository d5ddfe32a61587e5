import { callApi } from './api.ts';
import { type LiveMessage, onLive } from './live.ts';

const MOST = 98;
/** Milliseconds in which several messages are one look. */
const CALM = 300;

/** Keeps the numbers on the bell and on messages right while the page is open; of signed-in people alone. */
export function liveMarks(): void {
  const news = marksOf('news');
  const messages = marksOf('messages');
  if (news.length > 0) {
    onLive((message: LiveMessage | 'again') => {
      if (message === 'again') void catchUp(news);
      else if (message.event === 'notification') {
        for (const mark of news) show(mark, numberOf(mark) + 1);
      }
    });
  }
  if (messages.length === 0) return;
  let timer: number | undefined;
  // A conversation is told of when it is written in, read and marked: what counts is how many are unread.
  onLive(() => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void countMessages(messages), CALM);
  }, 'direct');
}

const marksOf = (name: string) => [
  ...document.querySelectorAll<HTMLElement>(`[data-unread][data-of="${name}"]`),
];

const numberOf = (mark: HTMLElement) => Number(mark.dataset.unread ?? 0);

function show(mark: HTMLElement, number: number): void {
  mark.dataset.unread = String(number);
  mark.textContent = number > MOST ? `${MOST + 1}+` : String(number);
  mark.hidden = number === 0;
}

/** What came while nobody looked; requests to follow stand in the number as well, so it never sinks. */
async function catchUp(marks: readonly HTMLElement[]): Promise<void> {
  const path = '/api/v1/notifications/unread_count';
  const answer = await callApi<{ count: number }>('GET', path, '');
  if (!answer.ok) return;
  for (const mark of marks) show(mark, Math.max(numberOf(mark), answer.data.count));
}

async function countMessages(marks: readonly HTMLElement[]): Promise<void> {
  const path = '/api/v1/conversations?limit=40';
  const answer = await callApi<{ unread: boolean }[]>('GET', path, '');
  if (!answer.ok) return;
  const unread = answer.data.filter((each) => each.unread).length;
  for (const mark of marks) show(mark, unread);
}
