import type { DeliveryRow } from '#doors/entities/page-types.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { postPath } from '#web/client/address.ts';
import { elsewhere as words } from '#web/text/federation.ts';
import { DateText } from './date.tsx';
import { Icon } from './icon.tsx';
import { PostButton } from './post-button.tsx';

const icons = { delivered: 'check', waiting: 'history', given_up: 'warn' } as const;

function Server({ row }: { row: DeliveryRow }) {
  const quiet = row.state === 'delivered';
  return (
    <li class="delivery">
      <span class="fact">
        <Icon name={icons[row.state]} small />
        <bdi>{row.host}</bdi>
      </span>
      <span class="small soft">
        {words.states[row.state]}
        {!quiet && row.attempts > 0 && `, ${words.tries(row.attempts)}`}
        {row.nextAt !== null && `, ${words.nextTry}`}
        {row.nextAt !== null && <DateText at={row.nextAt} withTime />}
      </span>
      {!quiet && row.answer && <span class="small soft delivery-answer">{row.answer}</span>}
    </li>
  );
}

/** Where an own post arrived, where it waits and where it was given up. POST /@name/ID/deliveries {csrf}. */
export function Deliveries({
  post,
  rows,
  csrf,
}: {
  post: StatusJson;
  rows: readonly DeliveryRow[];
  csrf: string;
}) {
  const count = (state: DeliveryRow['state']) => rows.filter((row) => row.state === state).length;
  const [waiting, lost] = [count('waiting'), count('given_up')];
  const told = [
    words.arrived(count('delivered')),
    ...(waiting > 0 ? [words.waiting(waiting)] : []),
    ...(lost > 0 ? [words.givenUp(lost)] : []),
  ];
  // What needs an eye comes first.
  const order = { given_up: 0, waiting: 1, delivered: 2 } as const;
  const sorted = rows.toSorted((one, other) => order[one.state] - order[other.state]);
  return (
    <details class="more deliveries" id="deliveries">
      <summary>{rows.length === 0 ? words.where : `${words.where}: ${told.join(', ')}`}</summary>
      {rows.length === 0 ? (
        <p class="small soft">{words.whereNone}</p>
      ) : (
        <div class="stack">
          <ul class="plain">
            {sorted.map((row) => (
              <Server key={row.host} row={row} />
            ))}
          </ul>
          {waiting + lost > 0 && (
            <PostButton
              action={`${postPath(post)}/deliveries`}
              csrf={csrf}
              label={words.retry}
              icon="retry"
              small
            />
          )}
        </div>
      )}
    </details>
  );
}
