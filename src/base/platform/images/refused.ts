import type { ImageRefusal } from './contract.ts';

/** A picture that is not taken: which of the known reasons, with a technical detail for the log only. */
export class ImageRefused extends Error {
  override readonly name = 'ImageRefused';
  readonly refusal: ImageRefusal;

  constructor(refusal: ImageRefusal, detail: string, options: { cause?: unknown } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.refusal = refusal;
  }
}
