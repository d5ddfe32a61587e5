/** What came back: the JSON, or one sentence for a person and whether another try makes sense. */
export type Answer<T> =
  | { ok: true; status: number; data: T }
  | { ok: false; status: number; sentence: string; again: boolean };

/** Sentence for a connection that did not hold. */
export const lostSentence = 'The connection was lost. Nothing is gone: try again.';

/** Reads the answer of our own API, whose refusals are `{ error: sentence }`. */
export function readAnswer<T>(status: number, text: string): Answer<T> {
  let data: unknown = null;
  try {
    data = text === '' ? null : JSON.parse(text);
  } catch {
    data = null;
  }
  if (status >= 200 && status < 300 && data !== null) return { ok: true, status, data: data as T };
  const said = (data as { error?: unknown } | null)?.error;
  return {
    ok: false,
    status,
    sentence: typeof said === 'string' && said !== '' ? said : `The server answered ${status}.`,
    // Too busy, too many, out of room for now: later it may work. The rest of 4xx is about the file.
    again: status >= 500 || status === 0 || status === 408 || status === 429 || status === 401,
  };
}

/** Calls our own API with the session cookie and the token that proves that this page asks. */
export async function callApi<T>(
  method: string,
  path: string,
  csrf: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        'X-CSRF-Token': csrf,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return readAnswer<T>(response.status, await response.text());
  } catch {
    return { ok: false, status: 0, sentence: lostSentence, again: true };
  }
}
