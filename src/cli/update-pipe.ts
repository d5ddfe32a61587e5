import { AppError } from '#base/core/errors.ts';

/** What `tintype update` hands to its worker, as the first line on its standard input. */
export type UpdateOrder = {
  mode: 'check' | 'update';
  data: string;
  from: string;
  key: string;
  version: string;
  platform: string;
  /** The executable to be replaced; null when Bun runs the source. */
  executable: string | null;
};

/** What the worker says, a line of JSON each; `place` and the swaps are answered. */
export type UpdateWord =
  | { tell: 'say'; line: string }
  | { tell: 'found'; version: string; date: string; notes: string; isNewer: boolean }
  | { tell: 'place'; download: string; manifest: string; signature: string }
  | { tell: 'swap' | 'swap back' }
  | { tell: 'done'; isServing: boolean }
  | { tell: 'failed'; kind: AppError['kind']; message: string };

/** The worker's end of its pipe. */
export type UpdatePipe = {
  order: UpdateOrder;
  /** Ends when the one who gave the order does. */
  signal: AbortSignal;
  tell(word: UpdateWord): void;
  /** Says it and waits until it is done; throws what went wrong there. */
  ask(word: UpdateWord): Promise<void>;
};

/** Reads the order and keeps the pipe open. */
export async function openUpdatePipe(): Promise<UpdatePipe> {
  const ended = new AbortController();
  const lines = readLines(Bun.stdin.stream());
  const first = await lines.next();
  if (first.done) throw new AppError('bad_request', 'Only "tintype update" starts this.');
  const waiting: ((answer: { error?: string }) => void)[] = [];
  void (async () => {
    for await (const line of lines) waiting.shift()?.(JSON.parse(line));
    ended.abort(new AppError('unavailable', 'The update was broken off; nothing was changed.'));
    for (const answer of waiting) answer({ error: 'The update was broken off.' });
  })();
  const tell = (word: UpdateWord) => console.log(JSON.stringify(word));
  return {
    order: JSON.parse(first.value),
    signal: ended.signal,
    tell,
    ask: async (word) => {
      const answered = new Promise<{ error?: string }>((resolve) => waiting.push(resolve));
      tell(word);
      const { error } = await answered;
      if (error !== undefined) throw new AppError('unavailable', error);
    },
  };
}

/** The lines of a stream, as they come. */
export async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of stream) {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
