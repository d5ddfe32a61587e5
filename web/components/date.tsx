const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** A day in words; the browser shortens recent ones ("2 hours ago") when `recent` is set. */
export function DateText({ at, recent = false }: { at: string; recent?: boolean }) {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={at} data-recent={recent ? '' : undefined}>
      {day.format(time)}
    </time>
  );
}
