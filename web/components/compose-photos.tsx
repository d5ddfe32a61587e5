import { useRef, useState } from 'preact/hooks';
import type { ComposeLimits } from '#doors/entities/page-types.ts';
import { bytesText } from '#web/client/bytes.ts';
import type { Composer } from '#web/client/composer.ts';
import type { DraftPhoto } from '#web/client/draft.ts';
import { composing as words } from '#web/text/composing.ts';
import { ComposeTile } from './compose-tile.tsx';
import { Icon } from './icon.tsx';

type PickProps = {
  label: string;
  icon: 'image' | 'camera' | 'plus';
  accept: string;
  camera?: boolean;
  look?: string;
  onPick: (files: File[]) => void;
};

/** A button that opens the gallery, the files or the camera. */
function Pick({ label, icon, accept, camera = false, look = '', onPick }: PickProps) {
  return (
    <label class={`button pick ${look}`}>
      <Icon name={icon} />
      {label}
      <input
        class="pick-input"
        type="file"
        accept={camera ? 'image/*' : accept}
        multiple={!camera}
        {...(camera ? { capture: 'environment' as const } : {})}
        onChange={(event) => {
          const input = event.currentTarget;
          onPick([...(input.files ?? [])]);
          input.value = '';
        }}
      />
    </label>
  );
}

/** Where photos come in: dropped, picked, taken. */
export function ComposeDrop({
  limits,
  empty,
  onPick,
}: {
  limits: ComposeLimits;
  empty: boolean;
  onPick: (files: File[]) => void;
}) {
  return (
    <div class={empty ? 'drop drop-empty' : 'drop'}>
      {empty && (
        <>
          <Icon name="image" />
          <p class="drop-title drop-mouse">{words.drop}</p>
          <p class="soft drop-mouse">{words.dropHint}</p>
        </>
      )}
      <div class="drop-picks">
        <Pick
          label={empty ? words.choose : words.more}
          icon={empty ? 'image' : 'plus'}
          accept={limits.accept}
          look={empty ? 'button-main' : ''}
          onPick={onPick}
        />
        <Pick
          label={words.camera}
          icon="camera"
          accept={limits.accept}
          look="pick-camera"
          camera
          onPick={onPick}
        />
      </div>
      {empty && (
        <p class="hint">{words.limits(limits.maxPhotos, bytesText(limits.maxFileBytes))}</p>
      )}
    </div>
  );
}

type ListProps = {
  composer: Composer;
  photos: DraftPhoto[];
  limits: ComposeLimits;
  onEdit: (key: string) => void;
  say: (sentence: string) => void;
};

/** The chosen photos in their order, which dragging or the arrow buttons change. */
export function ComposeList({ composer, photos, limits, onEdit, say }: ListProps) {
  const dragged = useRef<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const [over, setOver] = useState<string | null>(null);
  const move = (photo: DraftPhoto, from: number, to: number) => {
    composer.move(photo.key, to);
    say(words.moved(words.photo(from + 1), to + 1, photos.length));
  };
  const drop = (to: number) => {
    const key = dragged.current;
    const from = photos.findIndex((one) => one.key === key);
    const photo = photos[from];
    dragged.current = null;
    setOver(null);
    if (photo && from !== to) move(photo, from, to);
  };
  return (
    <ol class="tiles" ref={list} tabIndex={-1}>
      {photos.map((photo, at) => (
        <li
          key={photo.key}
          class={over === photo.key ? 'tile tile-over' : 'tile'}
          draggable
          onDragStart={(event) => {
            if ((event.target as Element).closest('textarea')) return event.preventDefault();
            dragged.current = photo.key;
            event.dataTransfer?.setData('text/plain', photo.name);
          }}
          onDragOver={(event) => {
            if (dragged.current === null) return;
            event.preventDefault();
            setOver(photo.key);
          }}
          onDragEnd={() => setOver(null)}
          onDrop={(event) => {
            if (dragged.current === null) return;
            event.preventDefault();
            event.stopPropagation();
            drop(at);
          }}
        >
          <ComposeTile
            composer={composer}
            photo={photo}
            place={at}
            count={photos.length}
            maxAlt={limits.maxAltText}
            onMove={(to) => move(photo, at, to)}
            onEdit={() => onEdit(photo.key)}
            onRemove={() => {
              composer.remove(photo.key);
              list.current?.focus();
              say(words.removed(words.photo(at + 1)));
            }}
          />
        </li>
      ))}
    </ol>
  );
}
