import { useEffect, useMemo, useState } from 'preact/hooks';
import { gallery as words } from '#web/text/gallery.ts';
import { dayText } from './dates.ts';
import { Grid } from './grid.tsx';
import { countYears, findItems, type Item, listItems } from './search.ts';
import type { GalleryOwner, GalleryPost } from './types.ts';
import { Viewer } from './viewer.tsx';

/** What stands after #, which "back" changes as well. */
function useHash(): string {
  const [hash, setHash] = useState(location.hash.slice(1));
  useEffect(() => {
    const look = () => setHash(location.hash.slice(1));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return hash;
}

function Head({ owner, count }: { owner: GalleryOwner; count: number }) {
  return (
    <header class="gallery-head">
      {owner.avatar !== null && <img class="avatar" src={owner.avatar} alt="" />}
      <div>
        <h1>
          <bdi>{owner.name}</bdi>
        </h1>
        <p class="soft">
          <bdi>{owner.handle}</bdi> · {words.photos(count)} · {words.madeAt} {dayText(owner.madeAt)}
        </p>
        {owner.bio !== '' && <p class="words">{owner.bio}</p>}
      </div>
    </header>
  );
}

type Tools = {
  years: { year: number; count: number }[];
  year: number | null;
  typed: string;
  setYear: (year: number | null) => void;
  setTyped: (text: string) => void;
};

function Tools({ years, year, typed, setYear, setTyped }: Tools) {
  return (
    <div class="tools">
      <input
        type="search"
        aria-label={words.search}
        placeholder={words.searchShort}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      {years.length > 1 && (
        <nav class="years" aria-label={words.years}>
          <button type="button" aria-pressed={year === null} onClick={() => setYear(null)}>
            {words.allYears}
          </button>
          {years.map((each) => (
            <button
              type="button"
              key={each.year}
              aria-pressed={year === each.year}
              onClick={() => setYear(each.year)}
            >
              {each.year} <span class="count">{each.count}</span>
            </button>
          ))}
        </nav>
      )}
    </div>
  );
}

/** The whole gallery. */
export function App({ owner, posts }: { owner: GalleryOwner; posts: GalleryPost[] }) {
  const items = useMemo(() => listItems(posts), [posts]);
  const years = useMemo(() => countYears(items), [items]);
  const [year, setYear] = useState<number | null>(null);
  const [typed, setTyped] = useState('');
  const [left, setLeft] = useState<string | null>(null);
  const [entered, setEntered] = useState(false);
  const found = useMemo(() => findItems(items, typed, year), [items, typed, year]);
  const hash = useHash();
  const inFound = found.findIndex(({ key }) => key === hash);
  // Somebody came with the address of a photo that these words do not find.
  const shown: Item[] = inFound >= 0 ? found : items;
  const at = inFound >= 0 ? inFound : items.findIndex(({ key }) => key === hash);
  const close = () => {
    setLeft(hash);
    if (entered) history.back();
    else location.replace('#');
  };
  return (
    <>
      <Head owner={owner} count={items.length} />
      <main>
        <Tools
          years={years}
          year={year}
          typed={typed}
          setYear={(next) => {
            setYear(next);
            scrollTo(0, 0);
          }}
          setTyped={setTyped}
        />
        <p class="found soft" role="status">
          {found.length === 0
            ? items.length === 0
              ? words.empty
              : words.nothing
            : typed === ''
              ? null
              : words.photos(found.length)}
        </p>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is pressed */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: a key on a link is a click */}
        <div onClick={() => setEntered(true)}>
          <Grid items={found} focused={at < 0 ? left : null} />
        </div>
      </main>
      {at >= 0 && (
        <Viewer
          items={shown}
          at={at}
          go={(to) => location.replace(`#${shown[to]?.key ?? ''}`)}
          close={close}
          search={(text) => {
            setYear(null);
            setTyped(text);
            close();
          }}
        />
      )}
    </>
  );
}
