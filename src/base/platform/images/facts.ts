import type { ImageHeader } from './contract.ts';
import type { Placement } from './placement.ts';

/** What the ISO base media boxes of an AVIF or HEIC file say about its primary picture. */
export type HeifFacts = {
  /** How the stored pixels must be turned for viewing (`irot`, `imir`). */
  placement: Placement;
  /** A clean aperture (`clap`) cuts the stored picture, so the decoder must apply all transformations. */
  cropped: boolean;
  /** Colour primaries of an `nclx` box (ISO/IEC 23091-2), when no ICC profile is there. */
  primaries: number | undefined;
};

/** A header together with what the decoder will need, before any decode. */
export type Facts = {
  header: ImageHeader;
  /** Bytes that the decoder is expected to hold at its peak, apart from the outputs. */
  decodeBytes: number;
  heif?: HeifFacts;
};

/** Colour primaries 12 of ISO/IEC 23091-2: Display P3 (SMPTE EG 432-1). */
export const nclxDisplayP3 = 12;
