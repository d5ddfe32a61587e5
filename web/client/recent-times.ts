const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in words, for the last week; null for anything older. */
export function agoText(milliseconds: number): string | null {
  if (milliseconds < 0) return null;
  if (milliseconds < minute) return 'just now';
  const [size, name]: [number, string] =
    milliseconds < hour ? [minute, 'minute'] : milliseconds < day ? [hour, 'hour'] : [day, 'day'];
  const count = Math.floor(milliseconds / size);
  if (name === 'day' && count > 6) return null;
  return `${count} ${name}${count === 1 ? '' : 's'} ago`;
}

/** Writes recent dates as people say them; the exact time is in the title. */
export function recentTimes(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-recent]')) {
    const at = new Date(time.dateTime);
    const ago = agoText(Date.now() - at.getTime());
    time.title = at.toLocaleString();
    if (ago !== null) time.textContent = ago;
  }
}
