import type { Context } from '#base/context.ts';
import { cleanOriginal } from '#base/platform/images/clean-original.ts';
import { renderImage } from '#base/platform/images/render.ts';
import { sharp } from '#test/harness/pictures.ts';

const memoryBytes = 512 * 1024 * 1024;

/** The image worker's own code without the child, one task after the other: quick for tests that need no second process. */
export function imagesHere(): Context['images'] {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (task) => {
      const work = last.then(() =>
        task.kind === 'render'
          ? renderImage(sharp, task, memoryBytes)
          : cleanOriginal(sharp, task, memoryBytes),
      );
      last = work.catch(() => undefined);
      return work;
    },
  };
}
