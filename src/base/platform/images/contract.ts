/** Containers that an upload may have, told from their first bytes and never from a name. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'heic';

/** What the header of a picture says, read without decoding a pixel. Sizes in pixels, as stored. */
export type ImageHeader = {
  format: ImageFormat;
  mime: string;
  width: number;
  height: number;
  /** 1 for a still picture. */
  frames: number;
  hasAlpha: boolean;
};

/** Camera facts that may be kept and shown; never a position or a serial number. */
export type CameraFacts = {
  make?: string;
  model?: string;
  lens?: string;
  /** Millimetres. */
  focalLength?: number;
  focalLength35?: number;
  /** F-number: 2.8 means f/2.8. */
  aperture?: number;
  /** Seconds. */
  exposure?: number;
  iso?: number;
  /** As the camera wrote it, ISO 8601 without a zone unless the camera knew one. */
  takenAt?: string;
};

/** A turn (clockwise, after EXIF orientation) and then a crop, in fractions of the turned picture. */
export type ImageEdits = {
  rotate: 0 | 90 | 180 | 270;
  crop: { x: number; y: number; width: number; height: number } | null;
};

/** One file to make. `fit` is the longest side in pixels; pictures are never enlarged. */
export type OutputSpec = {
  name: string;
  path: string;
  fit: number;
  /**
   * `photo`: JPEG, or the type that keeps transparency (WebP/PNG) or motion (GIF/WebP) where the source has it.
   * `webp`: WebP, animated when the source is. `jpeg`: JPEG on white, first frame.
   * `peer`: the same, but only if `photo` is a WebP, which not every server takes: else no file.
   */
  encode: 'photo' | 'webp' | 'jpeg' | 'peer';
  /** 1 to 100. */
  quality: number;
};

export type RenderTask = {
  kind: 'render';
  source: string;
  limits: { maxPixels: number; maxFrames: number };
  edits: ImageEdits | null;
  outputs: OutputSpec[];
};

/** Makes a copy of `source` without position, serial numbers, embedded thumbnails and edit history. */
export type CleanTask = {
  kind: 'clean';
  source: string;
  path: string;
  limits: { maxPixels: number; maxFrames: number };
};

export type ImageTask = RenderTask | CleanTask;

export type OutputFile = {
  name: string;
  path: string;
  mime: string;
  width: number;
  height: number;
  bytes: number;
};

export type RenderResult = {
  kind: 'render';
  header: ImageHeader;
  /** Size after orientation and edits. */
  width: number;
  height: number;
  animated: boolean;
  outputs: OutputFile[];
  /** 4x3, 3x4 or 4x4 components, never more than 5x5. */
  blurhash: string;
  camera: CameraFacts;
};

export type CleanResult = { kind: 'clean'; output: OutputFile; reencoded: boolean };

export type ImageResult = RenderResult | CleanResult;

/** Why a picture is refused; the door turns each into one sentence. */
export type ImageRefusal =
  | 'unsupported'
  | 'damaged'
  | 'too_many_pixels'
  | 'too_many_frames'
  | 'too_slow'
  | 'out_of_memory'
  | 'worker_failed';
