import { AcmeError, readProblem, readRetryAfter } from './acme-error.ts';

const LARGEST_ANSWER = 1_000_000;
const DEADLINE = 30_000;

/** What the ACME library asks for; a part of what its HTTP library hands on. */
export type AcmeRequest = {
  url: string;
  method: string;
  headers: [string, string][];
  body: string;
};
export type AcmeAnswer = { data: unknown; status: number; headers: Record<string, string> };

/**
 * Asks an ACME server, bounded in bytes and time. Throws `AcmeError` for every refusal but a stale
 * nonce: the library mends that itself, but of the others it would forget what they were, and wait as
 * long as `Retry-After` says.
 */
export async function askAcme({ url, method, headers, body }: AcmeRequest): Promise<AcmeAnswer> {
  const response = await reach(url, {
    method,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE),
    ...(body === '' ? {} : { body }),
  });
  const data = parseBody(response, await readBounded(response));
  const answer = { data, status: response.status, headers: Object.fromEntries(response.headers) };
  if (response.ok) return answer;
  const retryAt = readRetryAfter(answer.headers['retry-after'], Date.now());
  const refusal = readProblem(data, retryAt, response.status);
  if (refusal.type === 'badNonce') return answer;
  throw refusal;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    throw new AcmeError('unreachable', `${new URL(url).host}: ${code}`, { cause: error });
  }
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body ?? []) {
      bytes += part.byteLength;
      if (bytes > LARGEST_ANSWER) throw new AcmeError('unknown', 'its answer is far too long');
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof AcmeError) throw error;
    throw new AcmeError('unreachable', 'its answer broke off', { cause: error });
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseBody(response: Response, text: string): unknown {
  if (!/[/+]json\b/.test(response.headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
