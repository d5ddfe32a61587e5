import type { Context } from '#base/context.ts';
import { cleanOriginal } from '#base/platform/images/clean-original.ts';
import type { ImageResult, ImageTask } from '#base/platform/images/contract.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';
import { renderImage } from '#base/platform/images/render.ts';
import { sharp } from '#test/harness/pictures.ts';

const memoryBytes = 512 * 1024 * 1024;

/** The image worker's own code without the child, one task after the other: quick for tests that need no second process. */
export function imagesHere(): Context['images'] {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (task) => {
      const work = last.then(() => perform(task));
      last = work.catch(() => undefined);
      return work;
    },
  };
}

// What sharp itself throws is a damaged file, as the worker says it.
async function perform(task: ImageTask): Promise<ImageResult> {
  try {
    return task.kind === 'render'
      ? await renderImage(sharp, task, memoryBytes)
      : await cleanOriginal(sharp, task, memoryBytes);
  } catch (error) {
    if (error instanceof ImageRefused) throw error;
    throw new ImageRefused('damaged', String(error), { cause: error });
  }
}
