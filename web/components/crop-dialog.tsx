import { useEffect, useRef, useState } from 'preact/hooks';
import { addTurn, centreCrop, tidyCrop, turnCrop } from '#web/client/crop.ts';
import type { Crop, Turn } from '#web/client/draft.ts';
import { composing as words } from '#web/text/composing.ts';
import { site } from '#web/text/site.ts';
import { CropFrame } from './crop-frame.tsx';
import { Icon } from './icon.tsx';

const shapes = [
  { value: 'free', label: words.shapeFree, ratio: null },
  { value: '1:1', label: '1 : 1', ratio: 1 },
  { value: '4:5', label: '4 : 5', ratio: 4 / 5 },
  { value: '3:2', label: '3 : 2', ratio: 3 / 2 },
  { value: '16:9', label: '16 : 9', ratio: 16 / 9 },
] as const;

type Size = { width: number; height: number };

/** Draws the picture turned, small enough for the window. */
function drawTurned(canvas: HTMLCanvasElement, image: ImageBitmap, turn: Turn): Size {
  const sideways = turn === 90 || turn === 270;
  const scale = Math.min(1, 1200 / Math.max(image.width, image.height));
  const width = Math.round(image.width * scale);
  const height = Math.round(image.height * scale);
  canvas.width = sideways ? height : width;
  canvas.height = sideways ? width : height;
  const brush = canvas.getContext('2d');
  brush?.translate(canvas.width / 2, canvas.height / 2);
  brush?.rotate((turn * Math.PI) / 180);
  brush?.drawImage(image, -width / 2, -height / 2, width, height);
  return { width: canvas.width, height: canvas.height };
}

type Frame = { turn: Turn; crop: Crop; shape: (typeof shapes)[number] };

function Tools({
  frame,
  size,
  set,
}: {
  frame: Frame;
  size: Size | null;
  set: (frame: Frame) => void;
}) {
  const whole = centreCrop(null);
  const turnBy = (by: 90 | -90) => {
    const once = turnCrop(frame.crop);
    const crop = by === 90 ? once : turnCrop(turnCrop(once));
    set({ turn: addTurn(frame.turn, by), crop, shape: shapes[0] });
  };
  return (
    <div class="crop-tools">
      <button type="button" class="button button-small" onClick={() => turnBy(-90)}>
        <Icon name="turnLeft" />
        {words.turnLeft}
      </button>
      <button type="button" class="button button-small" onClick={() => turnBy(90)}>
        <Icon name="turnRight" />
        {words.turnRight}
      </button>
      <fieldset class="crop-shapes">
        <legend class="unseen">{words.shape}</legend>
        {shapes.map((shape) => (
          <button
            key={shape.value}
            type="button"
            class="button button-small"
            aria-pressed={frame.shape === shape}
            onClick={() => {
              const part =
                shape.ratio === null || size === null
                  ? null
                  : (shape.ratio * size.height) / size.width;
              set({ ...frame, shape, crop: part === null ? frame.crop : centreCrop(part) });
            }}
          >
            {shape.label}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        class="button button-small"
        onClick={() => set({ turn: 0, crop: whole, shape: shapes[0] })}
      >
        {words.reset}
      </button>
    </div>
  );
}

/** Turns and cuts a photo without touching the original; the dialog keeps the focus and closes on Escape. */
export function CropDialog({
  image,
  turn,
  crop,
  onApply,
  onClose,
}: {
  image: ImageBitmap;
  turn: Turn;
  crop: Crop | null;
  onApply: (turn: Turn, crop: Crop | null) => void;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [frame, setFrame] = useState<Frame>({
    turn,
    crop: crop ?? centreCrop(null),
    shape: shapes[0],
  });
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (canvas.current) setSize(drawTurned(canvas.current, image, frame.turn));
  }, [image, frame.turn]);
  const ratio = frame.shape.ratio;
  const part = ratio === null || size === null ? null : (ratio * size.height) / size.width;
  return (
    <dialog class="crop" ref={dialog} aria-labelledby="crop-title" onClose={onClose}>
      <h2 id="crop-title">{words.cropTitle}</h2>
      <div class="crop-stage">
        <div class="crop-picture">
          <canvas ref={canvas} class="crop-canvas" />
          <CropFrame
            crop={frame.crop}
            shape={part}
            set={(next) => setFrame({ ...frame, crop: next })}
          />
        </div>
      </div>
      <p class="hint">{`${words.cropHint} ${words.cropKept}`}</p>
      <Tools frame={frame} size={size} set={setFrame} />
      <div class="row">
        <button
          type="button"
          class="button button-main"
          onClick={() => onApply(frame.turn, tidyCrop(frame.crop))}
        >
          {words.apply}
        </button>
        <button type="button" class="button button-plain" onClick={() => dialog.current?.close()}>
          {site.cancel}
        </button>
      </div>
    </dialog>
  );
}
