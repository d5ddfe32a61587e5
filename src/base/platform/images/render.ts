import { readCamera } from './camera.ts';
import type { RenderResult, RenderTask } from './contract.ts';
import type { SharpModule } from './native.ts';
import { openPicture } from './picture.ts';
import { renderMoving } from './render-moving.ts';
import { renderStill } from './render-still.ts';
import { planView } from './view.ts';

/**
 * Makes every file of the task from one source: header checks, one decode, orientation, edits, then a
 * cascade from the largest output to the smallest. Throws `ImageRefused`, or what sharp throws.
 */
export async function renderImage(
  sharp: SharpModule,
  task: RenderTask,
  memoryBytes: number,
): Promise<RenderResult> {
  const picture = await openPicture(sharp, task.source, { ...task.limits, memoryBytes });
  const view = planView(picture, task.edits);
  const still = picture.animated ? task.outputs.filter(isStillOutput) : task.outputs;
  // A GIF stays one, and everybody takes that.
  const isGif = picture.animated && picture.header.format === 'gif';
  const made = await renderStill(sharp, picture, view, {
    outputs: isGif ? still.filter((spec) => spec.encode !== 'peer') : still,
  });
  const moving = picture.animated ? task.outputs.filter((spec) => !isStillOutput(spec)) : [];
  const animations = await renderMoving(sharp, picture, view, {
    source: task.source,
    outputs: moving,
    memoryBytes,
  });
  const byName = new Map([...made.outputs, ...animations].map((file) => [file.name, file]));
  return {
    kind: 'render',
    header: picture.header,
    width: view.width,
    height: view.height,
    animated: picture.animated,
    outputs: task.outputs.flatMap((spec) => byName.get(spec.name) ?? []),
    blurhash: made.blurhash,
    camera: readCamera(picture.exif),
  };
}

function isStillOutput(spec: RenderTask['outputs'][number]): boolean {
  return spec.encode === 'jpeg' || spec.encode === 'peer';
}
