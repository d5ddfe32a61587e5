/** A body that counts how much of it was asked for. */
export function countingBody(total: number) {
  const state = { read: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (state.read >= total) return controller.close();
        state.read += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel: () => {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { state, body };
}

/** Pieces of a multipart body, written by hand. */
export const boundary = 'a-boundary-of-tests';
export const multipart = { 'content-type': `multipart/form-data; boundary=${boundary}` };
export const part = (head: string, body: string | Uint8Array) =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(body as string),
    Buffer.from('\r\n'),
  ]);
export const last = Buffer.from(`--${boundary}--\r\n`);
