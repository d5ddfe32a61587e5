import type { Manifest } from './manifest.ts';
import type { TellProgress } from './progress.ts';

/** Photos of which all bytes are read: every one, or a share that turns with the days; `fresh` ones in any case. */
export type VerifyShare = { day: number; of: number; isFresh: (path: string) => boolean };

export type VerifyOptions = {
  /** An empty folder of ours for files that are taken apart. */
  stage: string;
  /** Public key (base 64) that must have signed it; null: whoever did. */
  trustedKey: string | null;
  /** Null: every byte of every file. */
  share: VerifyShare | null;
  tell?: TellProgress;
};

export type VerifyReport = {
  ok: boolean;
  /** The first hundred, as sentences. */
  problems: string[];
  /** All of them. */
  problemCount: number;
  /** Where photos lie in the place that are missing or damaged there; the first thousand. */
  badMedia: string[];
  counts: Record<string, number>;
  /** Photos that it names, and their bytes. */
  files: number;
  bytes: number;
  /** What was read to the last byte. */
  checked: { files: number; bytes: number };
  mode: 'full' | 'share';
  /** Of the key that signed it; null if the manifest cannot be read. */
  fingerprint: string | null;
  manifest: Manifest | null;
};
