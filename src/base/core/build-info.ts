import manifest from '#package.json';
import { type SourceNames, sourceAddress } from './source-address.ts';

declare const TINTYPE_COMMIT: string | undefined;
declare const TINTYPE_BUILT_AT: string | undefined;
declare const TINTYPE_VERSION: string | undefined;

// It may say nothing of its source; whoever builds a changed version should.
const stated: { version: string; updateKey?: string } & SourceNames = manifest;

/**
 * What is running: the version, for a compiled file the commit (short) and its date (ISO 8601), and
 * where its source is and with which key releases are signed (base64 of an Ed25519 public key; both
 * null if `package.json` did not say so when it was built).
 */
export const buildInfo: {
  version: string;
  commit: string | null;
  builtAt: string | null;
  source: string | null;
  updateKey: string | null;
} = {
  version:
    typeof TINTYPE_VERSION === 'string' && TINTYPE_VERSION !== ''
      ? TINTYPE_VERSION
      : stated.version,
  commit: typeof TINTYPE_COMMIT === 'string' && TINTYPE_COMMIT !== '' ? TINTYPE_COMMIT : null,
  builtAt:
    typeof TINTYPE_BUILT_AT === 'string' && TINTYPE_BUILT_AT !== '' ? TINTYPE_BUILT_AT : null,
  source: sourceAddress(stated),
  updateKey: stated.updateKey ?? null,
};
