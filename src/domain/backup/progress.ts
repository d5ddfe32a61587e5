/** What a backup or a check is doing, in the order in which it comes. */
export type BackupStep = 'database' | 'photos' | 'check' | 'prune';

/** How far it is: `done` of `total` files (0 of 0 where nobody can say). */
export type BackupProgress = { step: BackupStep; done: number; total: number };

/** Called often; whoever listens decides what to do with it. */
export type TellProgress = (progress: BackupProgress) => void;
