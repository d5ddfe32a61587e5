import type { ImageRefusal, ImageResult, ImageTask } from './contract.ts';

/** The first line to a worker. */
export type WorkerStart = {
  kind: 'start';
  /** The server's process id: the worker ends when that is no longer its parent. */
  parent: number;
  nativeDir: string;
  /** Bytes that native code may allocate beyond what the fresh process holds. */
  memoryBytes: number;
};

/** Every further line to a worker: one task, answered before the next one is sent. */
export type WorkerRequest = { kind: 'task'; id: number; task: ImageTask };

/** Lines from a worker: one when it is ready, then two for each task: begun, and how it ended. */
export type WorkerReply =
  | { kind: 'ready'; memoryLimit: 'set' | 'unavailable'; parentWatch: 'set' | 'unavailable' }
  | { kind: 'begun'; id: number }
  | { kind: 'done'; id: number; result: ImageResult; leaving: boolean }
  | { kind: 'refused'; id: number; refusal: ImageRefusal; detail: string; leaving: boolean };

/** Splits a stream of bytes into lines; one longer than `longest` characters ends the stream. */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  longest = 4 * 1024 * 1024,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of stream) {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > longest) return;
  }
}
