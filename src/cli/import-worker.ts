import { runImportWorker } from '#doors/archive/import-worker.ts';

/** `tintype import-worker`: started by the server, which speaks to it on stdin and stdout. */
export function run(): Promise<number> {
  return runImportWorker();
}
