/** `/api/docs`: what apps may ask, a chapter at a time. */
export type ReferencePage = {
  /** Where the same is for programs. */
  document: string;
  chapters: { title: string; routes: ReferenceRow[] }[];
};

/** One route of it. */
export type ReferenceRow = {
  method: string;
  path: string;
  says: string;
  answer: string;
  /** Who may ask: a sentence. */
  who: string;
  fields: { name: string; kind: string; note: string; required: boolean }[];
};
