import type { ImportPage, ImportStateName } from '#doors/entities/import-page.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { sampleStorage } from './samples.ts';

/** States of an import that look different. */
export const importStates: readonly (ImportStateName | null)[] = [
  null,
  'uploading',
  'reading',
  'read',
  'importing',
  'paused',
  'done',
  'failed',
];

/** The page of an import in a state (null: where they begin), with a hostile text wherever one can stand. */
export function importPage(
  text: string,
  state: ImportStateName | null,
  form: FormState,
): ImportPage {
  const line = { id: '1', format: text, fileName: text, createdAt: '2026-01-01T00:00:00.000Z' };
  const outcomes = ['planned', 'done', 'skipped', 'failed'];
  const kinds = ['post', 'text', 'follow', 'list', 'profile', text];
  return {
    recent: [{ ...line, state: 'done' }],
    view:
      state === null
        ? null
        : {
            ...{ ...line, state, detail: text, done: 1, total: 2, offset: 1, bytes: 2 },
            counts: outcomes.flatMap((outcome) =>
              kinds.map((kind) => ({ kind, outcome, reason: text, count: 2 })),
            ),
            ...{ photos: 2, needed: 10_000_000_000, odd: 2, hasFile: true },
            hosts: [{ host: text, photos: 2 }],
            troubles: [{ label: text, outcome: 'failed', reason: text }],
          },
    storage: sampleStorage,
    form,
    chosen: {
      ...{ visibility: text, textPosts: true, people: true, lists: true, profile: true },
      fetchFrom: text,
    },
  };
}
