const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

const minute = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
  timeZoneName: 'short',
});

/**
 * A day in words; the browser shortens recent ones ("2 hours ago") when `recent` is set, and
 * `withTime` adds the minute.
 */
export function DateText({
  at,
  recent = false,
  withTime = false,
}: {
  at: string;
  recent?: boolean;
  withTime?: boolean;
}) {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={at} data-recent={recent ? '' : undefined}>
      {(withTime ? minute : day).format(time)}
    </time>
  );
}
