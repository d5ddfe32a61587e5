import { version } from '#package.json';

declare const TINTYPE_COMMIT: string | undefined;
declare const TINTYPE_BUILT_AT: string | undefined;

/** What is running: the version, and for a compiled file the commit (short) and its date (ISO 8601). */
export const buildInfo: { version: string; commit: string | null; builtAt: string | null } = {
  version,
  commit: typeof TINTYPE_COMMIT === 'string' && TINTYPE_COMMIT !== '' ? TINTYPE_COMMIT : null,
  builtAt:
    typeof TINTYPE_BUILT_AT === 'string' && TINTYPE_BUILT_AT !== '' ? TINTYPE_BUILT_AT : null,
};
