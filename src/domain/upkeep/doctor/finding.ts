/** What `--fix` can do about a finding; each is safe to do at any time. */
export type Fix = 'rights' | 'temp' | 'files' | 'meters' | 'jobs' | 'statistics';

/** One line of what the doctor says. */
export type Finding = {
  /** Stable name, like `disk.space`: scripts look for it. */
  id: string;
  level: 'ok' | 'warn' | 'fail';
  /** What is so, one sentence. */
  text: string;
  /** What to do about it; null where nothing is to be done. */
  advice: string | null;
  fix: Fix | null;
};

/** Nothing to do. */
export function fine(id: string, text: string): Finding {
  return { id, level: 'ok', text, advice: null, fix: null };
}

/** Something to look at when there is time. */
export function warn(id: string, text: string, advice: string, fix: Fix | null = null): Finding {
  return { id, level: 'warn', text, advice, fix };
}

/** Something that does not work, or will not for long. */
export function fail(id: string, text: string, advice: string, fix: Fix | null = null): Finding {
  return { id, level: 'fail', text, advice, fix };
}
