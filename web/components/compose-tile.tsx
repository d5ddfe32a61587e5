import { useEffect, useState } from 'preact/hooks';
import type { Composer } from '#web/client/composer.ts';
import type { DraftPhoto } from '#web/client/draft.ts';
import { composing as words } from '#web/text/composing.ts';
import { Icon, type IconName } from './icon.tsx';

/** Address of the chosen file in this browser, as long as the tile is shown. */
function useLocalPicture(composer: Composer, key: string): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    void composer.file(key).then((file) => {
      if (file === null || gone) return;
      made = URL.createObjectURL(file);
      setAddress(made);
    });
    return () => {
      gone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [composer, key]);
  return address;
}

function stateText(photo: DraftPhoto): string {
  switch (photo.state) {
    case 'waiting':
      return words.waiting;
    case 'sending':
      return photo.sent >= 1 ? words.preparing : words.sending(Math.floor(photo.sent * 100));
    case 'preparing':
      return words.preparing;
    case 'failed':
      return words.failed;
    case 'ready':
      return words.ready;
  }
}

function Picture({ composer, photo }: { composer: Composer; photo: DraftPhoto }) {
  const local = useLocalPicture(composer, photo.key);
  const [broken, setBroken] = useState('');
  const source = photo.state === 'ready' || local === null ? (photo.preview ?? local) : local;
  if (source === null || source === broken) {
    // HEIC is shown by few browsers; the server's picture takes its place when it is ready.
    return (
      <span class="tile-blank">
        <Icon name="image" />
        <span class="small">{photo.name}</span>
      </span>
    );
  }
  return (
    <img
      class="tile-picture"
      src={source}
      alt=""
      draggable={false}
      onError={() => setBroken(source)}
    />
  );
}

function Act({
  icon,
  label,
  act,
  off = false,
}: {
  icon: IconName;
  label: string;
  act: () => void;
  off?: boolean;
}) {
  // Not `disabled`: at the end of the list the button would let go of the focus.
  return (
    <button
      type="button"
      class="tile-act"
      title={label}
      aria-label={label}
      aria-disabled={off ? 'true' : undefined}
      onClick={() => off || act()}
    >
      <Icon name={icon} />
    </button>
  );
}

export type TileProps = {
  composer: Composer;
  photo: DraftPhoto;
  /** 0 for the first. */
  place: number;
  count: number;
  maxAlt: number;
  onMove: (place: number) => void;
  onEdit: () => void;
  onRemove: () => void;
};

function Acts({ composer, photo, place, count, onMove, onEdit, onRemove }: TileProps) {
  const name = words.photo(place + 1);
  return (
    <div class="tile-acts">
      <Act
        icon="left"
        label={`${words.earlier}: ${name}`}
        off={place === 0}
        act={() => onMove(place - 1)}
      />
      <Act
        icon="right"
        label={`${words.later}: ${name}`}
        off={place === count - 1}
        act={() => onMove(place + 1)}
      />
      {photo.state === 'failed' && photo.canRetry && (
        <Act icon="retry" label={`${words.retry}: ${name}`} act={() => composer.retry(photo.key)} />
      )}
      {photo.state !== 'failed' && (
        <Act
          icon="crop"
          label={`${words.edit}: ${name}`}
          off={photo.state !== 'ready'}
          act={onEdit}
        />
      )}
      <Act icon="close" label={`${words.remove}: ${name}`} act={onRemove} />
    </div>
  );
}

/** One photo of a draft: its picture, how far it is, what can be done with it, its description. */
export function ComposeTile(props: TileProps) {
  const { composer, photo, place, maxAlt } = props;
  const busy = photo.state !== 'ready' && photo.state !== 'failed';
  return (
    <>
      <div class={photo.state === 'failed' ? 'tile-frame tile-failed' : 'tile-frame'}>
        <Picture composer={composer} photo={photo} />
        <span class="tile-number number" aria-hidden="true">
          {place + 1}
        </span>
        <Acts {...props} />
        {busy && (
          <div class="tile-progress">
            <span class="number">{stateText(photo)}</span>
            <progress
              max={1}
              {...(photo.state === 'preparing' ? {} : { value: photo.sent })}
              aria-label={words.photo(place + 1)}
            />
          </div>
        )}
      </div>
      {photo.problem && (
        <p class="mistake" role="alert">
          <Icon name="warn" small />
          <span>{photo.problem}</span>
        </p>
      )}
      {photo.state !== 'failed' && (
        <textarea
          class="input tile-alt"
          rows={2}
          aria-label={words.altLabel(place + 1)}
          placeholder={words.altHint}
          maxLength={maxAlt}
          value={photo.alt}
          onInput={(event) => composer.setAlt(photo.key, event.currentTarget.value)}
          onBlur={() => void composer.saveAlt(photo.key)}
        />
      )}
    </>
  );
}
