import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { type Gestures, watchGestures } from '#web/client/gestures.ts';
import { Icon } from '#web/components/icon.tsx';
import { gallery as words } from '#web/text/gallery.ts';
import { dayText, minuteText, takenText } from './dates.ts';
import type { Item } from './search.ts';

type Props = {
  items: Item[];
  at: number;
  /** Shows another photo, or none any more. */
  go: (at: number) => void;
  close: () => void;
  search: (text: string) => void;
};

function Comments({ item }: { item: Item }) {
  const { comments, commentsCount } = item.post;
  if (comments.length === 0) return null;
  const more = commentsCount - comments.length;
  return (
    <section class="said">
      <h3>{words.comments}</h3>
      <ul class="plain">
        {comments.map(({ name, text, at }) => (
          <li key={`${at}${name}`}>
            <strong>
              <bdi>{name}</bdi>
            </strong>{' '}
            <span class="soft">{dayText(at)}</span>
            <p class="words" dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="soft">{words.moreComments(more)}</p>}
    </section>
  );
}

function facts({ post, photo }: Item): [string, string][] {
  const state = post.archived ? words.archived : words.visibility[post.visibility];
  const counts = [
    ...(post.likes > 0 ? [words.likes(post.likes)] : []),
    ...(post.boosts > 0 ? [words.boosts(post.boosts)] : []),
  ];
  const all: [string, string][] = [
    [words.description, photo.alt],
    [words.warning, post.warning],
    [words.published, [minuteText(post.at), state, ...counts].join(' · ')],
    [words.taken, photo.takenAt === null ? '' : takenText(photo.takenAt)],
    [words.place, post.place],
    [words.camera, photo.camera],
  ];
  return all.filter(([, value]) => value !== '');
}

function Words({ item, search }: { item: Item; search: (text: string) => void }) {
  const { post, photo } = item;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="viewer-words" tabIndex={0} aria-label={words.details}>
      {post.caption !== '' && (
        <p class="words caption" dir="auto">
          {post.caption}
        </p>
      )}
      {post.tags.length > 0 && (
        <ul class="plain tags" aria-label={words.tags}>
          {post.tags.map((tag) => (
            <li key={tag}>
              <button type="button" class="tag" onClick={() => search(`#${tag}`)}>
                #{tag}
              </button>
            </li>
          ))}
        </ul>
      )}
      <dl class="facts">
        {facts(item).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="words" dir="auto">
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <p>
        <a href={photo.original ?? photo.full} target="_blank" rel="noreferrer">
          {photo.original === null ? words.openFull : words.original}
        </a>
      </p>
      <Comments item={item} />
    </section>
  );
}

/** The small picture at once, the full one when it is there; the next one is on its way meanwhile. */
function useFullPhoto(image: { current: HTMLImageElement | null }, item: Item, next?: Item): void {
  useEffect(() => {
    const full = new Image();
    full.src = item.photo.full;
    let current = true;
    const swap = () => {
      if (current && image.current) image.current.src = item.photo.full;
    };
    full.decode().then(swap, swap);
    if (next) new Image().src = next.photo.full;
    return () => {
      current = false;
    };
  }, [item]);
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -1e9,
  End: 1e9,
};

/** One photo over the whole window: arrow keys, swipes, pinch and wheel; Escape and "back" close it. */
export function Viewer({ items, at, go, close, search }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLImageElement>(null);
  const gestures = useRef<Gestures | null>(null);
  const step = useRef((_by: number) => {});
  const item = items[at];
  step.current = (by) => {
    const to = Math.min(items.length - 1, Math.max(0, at + by));
    if (to !== at) go(to);
  };
  useLayoutEffect(() => {
    dialog.current?.showModal();
    document.documentElement.classList.add('viewer-open');
    if (stage.current && image.current && item) {
      gestures.current = watchGestures(stage.current, image.current, item.photo, (by) =>
        step.current(by),
      );
    }
    return () => document.documentElement.classList.remove('viewer-open');
  }, []);
  useEffect(() => {
    if (item) gestures.current?.reset(item.photo);
  }, [item]);
  if (item === undefined) return null;
  return (
    <dialog
      ref={dialog}
      class="viewer viewer-live"
      aria-label={words.position(at + 1, items.length)}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        const by = KEYS[event.key];
        if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        step.current(by);
      }}
    >
      <div class="viewer-stage" ref={stage}>
        <Picture item={item} next={items[at + 1]} image={image} />
        <div class="viewer-bar">
          <span class="viewer-count" aria-live="polite">
            {words.position(at + 1, items.length)}
          </span>
          <Button name={words.close} icon="close" act={close} />
        </div>
        <Button
          name={words.previous}
          icon="left"
          look="viewer-back"
          off={at === 0}
          act={() => step.current(-1)}
        />
        <Button
          name={words.next}
          icon="right"
          look="viewer-on"
          off={at === items.length - 1}
          act={() => step.current(1)}
        />
      </div>
      <Words key={item.key} item={item} search={search} />
    </dialog>
  );
}

function Picture({
  item,
  next,
  image,
}: {
  item: Item;
  next: Item | undefined;
  image: { current: HTMLImageElement | null };
}) {
  useFullPhoto(image, item, next);
  const { photo, post } = item;
  return (
    <img
      ref={image}
      class="viewer-photo"
      src={photo.small}
      alt={photo.alt === '' ? words.photoOf(dayText(post.at)) : photo.alt}
      draggable={false}
    />
  );
}

function Button({
  name,
  icon,
  look = '',
  off = false,
  act,
}: {
  name: string;
  icon: 'close' | 'left' | 'right';
  look?: string;
  off?: boolean;
  act: () => void;
}) {
  return (
    <button
      type="button"
      class={`viewer-button ${look}`}
      aria-label={name}
      disabled={off}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
}
