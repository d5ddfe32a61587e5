const texts = new WeakMap<Response, string>();

/** An answer of JSON that is text already; whoever prepares it for an app reads the text beside it (`textOf`). */
export function jsonText(text: string, headers: Record<string, string> = {}): Response {
  const response = new Response(text, {
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
  texts.set(response, text);
  return response;
}

/** The text of such an answer, which stays unread; null for any other. */
export function textOf(response: Response): string | null {
  return texts.get(response) ?? null;
}
