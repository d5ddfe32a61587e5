/** What a verb's file exports. The number is the exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export type VerbModule = { run(argv: string[]): Promise<number> };

/** One row of the table of verbs. */
export type Verb = {
  /** One line of help; null for a verb that only the server itself starts. */
  help: string | null;
  /** What follows the verb on a command line. */
  usage: string;
  /** Loaded on use, so that the image worker carries no server. */
  load(): Promise<VerbModule>;
};

/** Every verb of `tintype`, in the order in which the help lists them. */
export const verbs: Readonly<Record<string, Verb>> = {
  version: {
    help: 'print the version',
    usage: '[--json]',
    load: () => import('./version.ts'),
  },
  'image-worker': {
    help: null,
    usage: '',
    load: () => import('./image-worker.ts'),
  },
};
