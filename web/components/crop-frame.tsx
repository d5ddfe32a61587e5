import { useRef } from 'preact/hooks';
import { type Corner, moveCrop, resizeCrop } from '#web/client/crop.ts';
import type { Crop } from '#web/client/draft.ts';
import { composing as words } from '#web/text/composing.ts';

const corners: readonly Corner[] = ['nw', 'ne', 'sw', 'se'];
const steps: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const percent = (part: number) => `${(part * 100).toFixed(2)}%`;

/** The part that stays: dragged by its middle or corners, or moved and resized with the arrow keys. */
export function CropFrame({
  crop,
  shape,
  set,
}: {
  crop: Crop;
  /** Wanted width / height in fractions of the picture, or null. */
  shape: number | null;
  set: (crop: Crop) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const start = (event: PointerEvent, corner: Corner | null) => {
    const picture = frame.current?.parentElement?.getBoundingClientRect();
    if (!picture) return;
    event.preventDefault();
    event.stopPropagation();
    frame.current?.focus();
    const { clientX, clientY } = event;
    const moved = (next: PointerEvent) => {
      const dx = (next.clientX - clientX) / picture.width;
      const dy = (next.clientY - clientY) / picture.height;
      set(corner === null ? moveCrop(crop, dx, dy) : resizeCrop(crop, corner, dx, dy, shape));
    };
    const end = () => removeEventListener('pointermove', moved);
    addEventListener('pointermove', moved);
    addEventListener('pointerup', end, { once: true });
    addEventListener('pointercancel', end, { once: true });
  };
  const key = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [dx, dy] = [step[0] * 0.02, step[1] * 0.02];
    set(event.shiftKey ? resizeCrop(crop, 'se', dx, dy, shape) : moveCrop(crop, dx, dy));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of HTML is a frame that arrow keys move
    <div
      ref={frame}
      class="crop-frame"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys need a place to arrive
      tabIndex={0}
      aria-label={words.cropFrame}
      style={{
        left: percent(crop.x),
        top: percent(crop.y),
        width: percent(crop.width),
        height: percent(crop.height),
      }}
      onPointerDown={(event) => start(event, null)}
      onKeyDown={key}
    >
      {corners.map((corner) => (
        <span
          key={corner}
          class={`crop-corner crop-${corner}`}
          onPointerDown={(event) => start(event, corner)}
        />
      ))}
    </div>
  );
}
