import { runImageWorker } from '#base/platform/images/worker.ts';

/** `tintype image-worker`: started by the server, which speaks to it on stdin and stdout. */
export function run(): Promise<number> {
  return runImageWorker();
}
