import type { StorageDay } from '#doors/entities/admin-page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import { storage as words } from '#web/text/storage.ts';

const WIDTH = 600;
const HEIGHT = 180;
/** From the ground up; each is a colour of its own. */
const layers = ['originals', 'renditions', 'cache', 'database'] as const;
type Layer = (typeof layers)[number];

function areaOf(days: readonly StorageDay[], layer: Layer, most: number): string {
  const below = layers.slice(0, layers.indexOf(layer));
  const first = Date.parse(days[0]?.day ?? '');
  const span = Math.max(1, Date.parse(days.at(-1)?.day ?? '') - first);
  const point = (day: StorageDay, bytes: number) => {
    const x = ((Date.parse(day.day) - first) / span) * WIDTH;
    return `${x.toFixed(1)},${(HEIGHT - (bytes / most) * HEIGHT).toFixed(1)}`;
  };
  const base = (day: StorageDay) => below.reduce((sum, each) => sum + day[each], 0);
  const top = days.map((day) => point(day, base(day) + day[layer]));
  const ground = days.map((day) => point(day, base(day))).reverse();
  return [...top, ...ground].join(' ');
}

/** How much was stored day by day, in layers; the numbers stand in a table for whoever does not see it. */
export function GrowthChart({ days }: { days: readonly StorageDay[] }) {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || days.length < 2) {
    return <p class="soft">{words.tooFew}</p>;
  }
  const total = (day: StorageDay) => layers.reduce((sum, layer) => sum + day[layer], 0);
  const most = Math.max(1, ...days.map(total));
  const spoken = words.spoken(bytesText(total(first)), first.day, bytesText(total(last)), last.day);
  return (
    <figure class="growth">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={spoken}
        preserveAspectRatio="none"
      >
        {layers.map((layer) => (
          <polygon key={layer} class={`growth-${layer}`} points={areaOf(days, layer, most)} />
        ))}
      </svg>
      <p class="growth-ends small soft number">
        <span>{first.day}</span>
        <span>{words.top(bytesText(most))}</span>
        <span>{last.day}</span>
      </p>
      <figcaption class="meter-key number">
        {layers.map((layer) => (
          <span key={layer}>
            <svg viewBox="0 0 8 8" aria-hidden="true">
              <rect class={`growth-${layer}`} width="8" height="8" />
            </svg>
            {`${words.layers[layer]}: ${bytesText(last[layer])}`}
          </span>
        ))}
      </figcaption>
      <details>
        <summary>{words.asTable}</summary>
        <div class="growth-table">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.day}</th>
                {layers.map((layer) => (
                  <th scope="col" key={layer}>
                    {words.layers[layer]}
                  </th>
                ))}
                <th scope="col">{words.free}</th>
              </tr>
            </thead>
            <tbody>
              {[...days].reverse().map((day) => (
                <tr key={day.day}>
                  <th scope="row">{day.day}</th>
                  {layers.map((layer) => (
                    <td key={layer}>{bytesText(day[layer])}</td>
                  ))}
                  <td>{bytesText(day.free)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
