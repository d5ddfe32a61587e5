import { rm } from 'node:fs/promises';
import type { Context } from '#base/context.ts';
import type {
  ImageEdits,
  OutputFile,
  OutputSpec,
  RenderResult,
} from '#base/platform/images/contract.ts';
import type { NewBlob } from '#domain/storage/put.ts';
import { explainFailure } from './explain-failure.ts';
import type { RenditionName } from './reading.ts';

type Spec = Omit<OutputSpec, 'path'> & { name: Exclude<RenditionName, 'offered'> };

/** What every photo becomes: `large` is the full size of the page, the others fill grids and phones. */
const RENDITIONS: readonly Spec[] = [
  { name: 'large', fit: 2048, encode: 'photo', quality: 88 },
  { name: 'medium', fit: 1080, encode: 'webp', quality: 80 },
  { name: 'small', fit: 480, encode: 'webp', quality: 76 },
  // For servers that take no WebP; only of photos that are one.
  { name: 'peer', fit: 2048, encode: 'peer', quality: 88 },
];

export type Rendered = {
  result: RenderResult;
  /** In the order of `files`. */
  outputs: (OutputFile & { name: RenditionName })[];
  /** Ready for `putBlobs`, still in the temp folder. */
  files: NewBlob[];
};

/**
 * Makes all renditions of a picture in the image worker. Throws AppError (`unsupported_type`,
 * `invalid`, `unavailable`, `out_of_space`); nothing is left in the temp folder then.
 */
export async function renderPhoto(
  ctx: Context,
  source: string,
  edits: ImageEdits | null,
): Promise<Rendered> {
  const specs = RENDITIONS.map((spec) => ({ ...spec, path: ctx.files.tempPath() }));
  try {
    const result = await ctx.images.run({
      kind: 'render',
      source,
      limits: { maxPixels: ctx.config.uploadMaxPixels, maxFrames: ctx.config.uploadMaxFrames },
      edits,
      outputs: specs,
    });
    if (result.kind !== 'render') throw new TypeError('The image worker answered another task.');
    const outputs = specs.flatMap((spec) => findOutput(result, spec.name));
    const files = outputs.map(({ path, mime }): NewBlob => ({ path, mime, purpose: 'rendition' }));
    return { result, outputs, files };
  } catch (error) {
    await Promise.allSettled(specs.map((spec) => rm(spec.path, { force: true })));
    throw explainFailure(ctx, error, Bun.file(source).size);
  }
}

function findOutput(result: RenderResult, name: RenditionName) {
  const output = result.outputs.find((file) => file.name === name);
  if (!output && name === 'peer') return [];
  if (!output) throw new TypeError(`The image worker made no ${name} rendition.`);
  return [{ ...output, name }];
}
