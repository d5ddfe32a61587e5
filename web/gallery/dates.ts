const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const minute = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
});

/** The day of a moment (milliseconds). */
export function dayText(at: number): string {
  return day.format(at);
}

/** The minute of a moment (milliseconds). */
export function minuteText(at: number): string {
  return minute.format(at);
}

/** What a camera wrote, which knows no zone, as it stood there. */
export function takenText(text: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?/.exec(text);
  if (match === null) return text;
  const [year, month, date, hour, min] = match.slice(1).map(Number);
  const at = new Date(year ?? 0, (month ?? 1) - 1, date ?? 1, hour ?? 0, min ?? 0);
  return hour === undefined || Number.isNaN(hour) ? day.format(at) : minute.format(at);
}
