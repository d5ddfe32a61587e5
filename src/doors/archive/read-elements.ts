import { ArchiveRefused, readLimits } from './read-limits.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;

/**
 * The elements of the lists in a JSON text, one by one, however long the text is: those of the outermost
 * list, or of the lists that stand in the outermost object, with the key. A single object of the
 * outermost object comes as an element of its key, too. Depth and size of each are bounded (T116).
 */
export async function* readElements(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<{ key: string | null; value: unknown }> {
  const scan = createScan();
  for await (const piece of source) yield* scan.take(piece);
  scan.end();
}

type Scan = {
  depth: number;
  /** Whether the outermost thing is an object, and what list is open in it. */
  inObject: boolean;
  inString: boolean;
  escaped: boolean;
  /** Depth at which an element begins; -1 while none is open. */
  from: number;
};

function createScan() {
  const state: Scan = { depth: 0, inObject: false, inString: false, escaped: false, from: -1 };
  let key: string | null = null;
  let text: Buffer[] = [];
  let size = 0;
  let started = false;
  const keep = (piece: Buffer) => {
    size += piece.length;
    if (size > readLimits.element) {
      throw new ArchiveRefused('One entry of a list in this archive is too large.');
    }
    // The piece is a window of a buffer that is used again.
    if (piece.length > 0) text.push(Buffer.from(piece));
  };
  const flush = (): unknown => {
    const whole = Buffer.concat(text).toString('utf8');
    text = [];
    size = 0;
    try {
      return JSON.parse(whole);
    } catch (cause) {
      throw new ArchiveRefused('A list in this archive is no JSON.', { cause });
    }
  };
  function* take(piece: Buffer): Generator<{ key: string | null; value: unknown }> {
    let begin = state.from >= 0 || state.inString ? 0 : -1;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      if (state.inString) {
        if (state.escaped) state.escaped = false;
        else if (byte === BACKSLASH) state.escaped = true;
        else if (byte === QUOTE) {
          state.inString = false;
          if (state.from < 0) {
            keep(piece.subarray(begin, at + 1));
            const said = flush();
            begin = -1;
            if (state.depth === 1 && state.inObject && typeof said === 'string') key = said;
            else if (state.depth === elementDepth(state, key)) yield { key, value: said };
          }
        }
        continue;
      }
      if (byte === QUOTE) {
        state.inString = true;
        if (state.from < 0) begin = at;
      } else if (byte === 0x7b || byte === 0x5b) {
        started = true;
        if (state.depth === 0) state.inObject = byte === 0x7b;
        if (state.from < 0 && isElement(state, byte)) {
          state.from = state.depth;
          begin = at;
        }
        state.depth += 1;
        if (state.depth > readLimits.depth) {
          throw new ArchiveRefused('A list in this archive is nested too deeply.');
        }
      } else if (byte === 0x7d || byte === 0x5d) {
        state.depth -= 1;
        if (state.depth < 0) throw new ArchiveRefused('A list in this archive is no JSON.');
        if (state.from === state.depth && state.from >= 0) {
          keep(piece.subarray(begin, at + 1));
          state.from = -1;
          begin = -1;
          yield { key: state.inObject ? key : null, value: flush() };
        }
      } else if (byte === COMMA && state.depth === 1 && state.inObject) key = null;
      else if (!started && byte > 32 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) {
        throw new ArchiveRefused('A list in this archive is no JSON.');
      }
    }
    if (begin >= 0) keep(piece.subarray(begin));
  }
  return {
    take,
    end: () => {
      if (!started || state.depth !== 0 || state.inString) {
        throw new ArchiveRefused('A list in this archive ends too early.');
      }
    },
  };
}

/** Texts (handles, addresses) are elements where a list stands. */
function elementDepth(state: Scan, key: string | null): number {
  if (!state.inObject) return 1;
  return key === null ? -1 : 2;
}

/** An object in the outermost list, in a list of the outermost object, or under a key of it. */
function isElement(state: Scan, byte: number): boolean {
  if (!state.inObject) return state.depth === 1;
  return state.depth === 2 || (state.depth === 1 && byte === 0x7b);
}

/** The lines of a text as JSON, one by one; empty ones are passed over. */
export async function* readJsonLines(source: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
      if (line.trim() !== '') yield parseLine(line);
    }
    if (rest.length > readLimits.element) {
      throw new ArchiveRefused('One entry of a list in this archive is too large.');
    }
  }
  if (rest.length > 0) yield parseLine(rest.toString('utf8'));
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ArchiveRefused('A list in this archive is no JSON.', { cause });
  }
}
