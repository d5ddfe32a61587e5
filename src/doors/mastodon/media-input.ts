import * as v from 'valibot';
import type { ImageEdits } from '#base/platform/images/contract.ts';
import type { Focus } from '#domain/media/words.ts';
import { parseInput } from '#doors/http/fields.ts';

/** What a client may say about a photo; what it leaves out stays as it is. */
export type MediaInput = {
  description?: string | undefined;
  focus?: Focus | undefined;
  rotate?: ImageEdits['rotate'] | undefined;
  crop?: ImageEdits['crop'] | undefined;
};

type Crop = NonNullable<ImageEdits['crop']>;

/** Reads the fields of an upload or a change. Throws `invalid` with what is wrong with each. */
export function readMediaInput(input: unknown): MediaInput {
  const { description, focus, tintype_rotate, tintype_crop } = parseInput(mediaSchema, input);
  return {
    description: description ?? undefined,
    focus: focus ?? undefined,
    rotate: tintype_rotate,
    crop: tintype_crop,
  };
}

/** The cut that a change asks for, undefined for none. A new turn ends a crop that was made before it. */
export function changedEdits(
  input: MediaInput,
  now: ImageEdits | null,
): ImageEdits | null | undefined {
  if (input.rotate === undefined && input.crop === undefined) return undefined;
  const rotate = input.rotate ?? now?.rotate ?? 0;
  const kept = rotate === (now?.rotate ?? 0) ? (now?.crop ?? null) : null;
  return { rotate, crop: input.crop === undefined ? kept : input.crop };
}

const turns = [0, 90, 180, 270] as const;
const side = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number());

/** `x,y`, each from -1 to 1; empty for the focus that was. */
const focusField = v.pipe(
  v.string('must be two numbers: x,y'),
  v.transform((text) => (text.trim() === '' ? null : readNumbers(text))),
  v.check((axes) => axes === null || axes.length === 2, 'must be two numbers: x,y'),
  v.transform((axes): Focus | null => axes && { x: axes[0] ?? 0, y: axes[1] ?? 0 }),
);

const rotateField = v.pipe(
  v.union([v.number(), v.string()], 'must be 0, 90, 180 or 270'),
  v.transform(Number),
  v.picklist(turns, 'must be 0, 90, 180 or 270'),
);

/** `x,y,width,height` in fractions of the turned picture, or an object of them; empty for no crop. */
const cropField = v.pipe(
  v.union(
    [v.null(), v.string(), v.object({ x: side, y: side, width: side, height: side })],
    'must be four numbers: x,y,width,height',
  ),
  v.transform((value) => (typeof value === 'string' ? readCrop(value) : value)),
  v.check((crop) => crop !== undefined, 'must be four numbers: x,y,width,height'),
  v.transform((crop): Crop | null => crop ?? null),
);

export const mediaSchema = v.object({
  description: v.nullish(v.string('must be text')),
  focus: v.nullish(focusField),
  tintype_rotate: v.optional(rotateField),
  tintype_crop: v.optional(cropField),
});

function readNumbers(text: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return numbers.every((each) => Number.isFinite(each)) ? numbers : [];
}

function readCrop(text: string): Crop | null | undefined {
  if (text.trim() === '') return null;
  const [x, y, width, height, ...more] = readNumbers(text);
  if (more.length > 0 || x === undefined || y === undefined) return undefined;
  return width === undefined || height === undefined ? undefined : { x, y, width, height };
}
