import type { Config } from '#base/config/config.ts';
import { AppError, type ErrorKind } from '#base/core/errors.ts';
import type { ImageRefusal } from '#base/platform/images/contract.ts';
import { ImageRefused } from '#base/platform/images/refused.ts';

type Answer = { kind: ErrorKind; sentence: (config: Config) => string };

const megapixels = (config: Config) => Math.round(config.uploadMaxPixels / 1e6);

const ANSWERS: Readonly<Record<ImageRefusal, Answer>> = {
  unsupported: {
    kind: 'unsupported_type',
    sentence: () =>
      'This file is not a photo that can be shown here. JPEG, HEIC, PNG, WebP, AVIF and GIF are welcome.',
  },
  damaged: {
    kind: 'invalid',
    sentence: () => 'This photo is damaged or incomplete. Please choose the file again.',
  },
  too_many_pixels: {
    kind: 'invalid',
    sentence: (config) =>
      `This picture is too large: a photo can have ${megapixels(config)} megapixels at most, an animation fewer a frame.`,
  },
  too_many_frames: {
    kind: 'invalid',
    sentence: (config) =>
      `This animation is too long: it can have ${config.uploadMaxFrames} frames at most.`,
  },
  too_slow: {
    kind: 'unavailable',
    sentence: () => 'This picture took too long to prepare. Please try again in a minute.',
  },
  out_of_memory: {
    kind: 'invalid',
    sentence: () =>
      'This picture needs more memory than this server has for one. Please upload a smaller version.',
  },
  worker_failed: {
    kind: 'unavailable',
    sentence: () => 'The picture could not be prepared just now. Please try again.',
  },
};

/** Turns the image worker's refusal into one sentence at the right kind; gives back anything else. */
export function toPhotoError(config: Config, error: unknown): unknown {
  if (!(error instanceof ImageRefused)) return error;
  const { kind, sentence } = ANSWERS[error.refusal];
  return new AppError(kind, sentence(config), {
    cause: error,
    ...(kind === 'unavailable' ? { retryAfter: 60 } : {}),
  });
}
