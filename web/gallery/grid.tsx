import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { gallery as words } from '#web/text/gallery.ts';
import { dayText } from './dates.ts';
import { layOut, type Row, rowOf, rowsBetween } from './layout.ts';
import type { Item } from './search.ts';

/** Pixels above and below the window that are drawn as well, so that Tab and a quick thumb find something. */
const MARGIN = 800;

function Tile({ item }: { item: Item }) {
  const { photo, post, key } = item;
  const [x, y] = photo.focus;
  return (
    <a class="tile" href={`#${key}`}>
      <img
        src={photo.small}
        alt={photo.alt === '' ? words.photoOf(dayText(post.at)) : photo.alt}
        loading="lazy"
        decoding="async"
        style={{ objectPosition: `${x}% ${y}%` }}
      />
    </a>
  );
}

function Line({
  row,
  items,
  columns,
  gap,
}: {
  row: Row;
  items: Item[];
  columns: number;
  gap: number;
}) {
  const place = { top: `${row.top}px`, height: `${row.height}px` };
  if (row.kind === 'year') {
    return (
      <h2 class="year" style={place}>
        {row.year}
      </h2>
    );
  }
  return (
    <div
      class="line"
      style={{ ...place, gap: `${gap}px`, gridTemplateColumns: `repeat(${columns}, 1fr)` }}
    >
      {items.slice(row.from, row.to).map((item) => (
        <Tile key={item.key} item={item} />
      ))}
    </div>
  );
}

/** What of the page is on the screen, and how wide it is; told anew at most once a frame. */
function useWindow(grid: { current: HTMLElement | null }) {
  const [seen, setSeen] = useState({ from: 0, to: 2000, width: 0 });
  useLayoutEffect(() => {
    let asked = 0;
    const look = () => {
      asked = 0;
      const box = grid.current?.getBoundingClientRect();
      if (!box) return;
      setSeen({ from: -box.top, to: innerHeight - box.top, width: box.width });
    };
    const ask = () => {
      if (asked === 0) asked = requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', ask, { passive: true });
    addEventListener('resize', ask);
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener('scroll', ask);
      removeEventListener('resize', ask);
    };
  }, [grid]);
  return seen;
}

/** All photos as tiles, of which only those near the window exist. `focused`: whose tile gets the focus. */
export function Grid({ items, focused }: { items: Item[]; focused: string | null }) {
  const grid = useRef<HTMLDivElement>(null);
  const seen = useWindow(grid);
  const layout = useMemo(
    () =>
      layOut(
        items.map((item) => item.year),
        seen.width,
      ),
    [items, seen.width],
  );
  useEffect(() => {
    if (focused === null || grid.current === null) return;
    const row = rowOf(
      layout,
      items.findIndex(({ key }) => key === focused),
    );
    if (row === null) return;
    const top = grid.current.getBoundingClientRect().top + row.top;
    if (top < 0 || top + row.height > innerHeight) scrollBy(0, top - innerHeight / 3);
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        grid.current
          ?.querySelector<HTMLElement>(`a[href="#${focused}"]`)
          ?.focus({ preventScroll: true }),
      ),
    );
  }, [focused]);
  const drawn = rowsBetween(layout, seen.from - MARGIN, seen.to + MARGIN);
  return (
    <div class="grid" ref={grid} style={{ height: `${layout.height}px` }}>
      {drawn.map((row) => (
        <Line
          key={row.kind === 'year' ? `y${row.year}` : `p${row.from}`}
          row={row}
          items={items}
          columns={layout.columns}
          gap={layout.gap}
        />
      ))}
    </div>
  );
}
