/** What the first bytes of a TLS connection want: `more` bytes first, a proof for the authority, or anything else. */
export type Hello = 'more' | 'proof' | 'other';

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const ALPN = 16;
const PROOF = 'acme-tls/1';
// One record (RFC 8446 §5.1); a first greeting that needs a second is nobody's who proves names.
const LONGEST = 5 + 16_384;

/** Reads which protocols (ALPN, RFC 7301) a connection asks for; RFC 8737 §3 asks for `acme-tls/1` alone. */
export function readHello(bytes: Uint8Array): Hello {
  if (bytes.length < 5) return 'more';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 5 + view.getUint16(3);
  if (bytes[0] !== HANDSHAKE || end > LONGEST) return 'other';
  if (bytes.length < end) return 'more';
  try {
    return asksForProof(view, end) ? 'proof' : 'other';
  } catch (error) {
    // Lengths that lead out of the record.
    if (error instanceof RangeError) return 'other';
    throw error;
  }
}

function asksForProof(view: DataView, end: number): boolean {
  if (view.getUint8(5) !== CLIENT_HELLO) return false;
  // Record, handshake header, version, random; then session id, cipher suites, compressions.
  let at = 5 + 4 + 2 + 32;
  at += 1 + view.getUint8(at);
  at += 2 + view.getUint16(at);
  at += 1 + view.getUint8(at);
  const last = Math.min(end, at + 2 + view.getUint16(at));
  at += 2;
  while (at + 4 <= last) {
    const size = view.getUint16(at + 2);
    if (view.getUint16(at) === ALPN) return hasProof(view, at + 4, at + 4 + size);
    at += 4 + size;
  }
  return false;
}

function hasProof(view: DataView, from: number, end: number): boolean {
  let at = from + 2;
  while (at < end) {
    const size = view.getUint8(at);
    const name = new Uint8Array(view.buffer, view.byteOffset + at + 1, size);
    if (new TextDecoder().decode(name) === PROOF) return true;
    at += 1 + size;
  }
  return false;
}
