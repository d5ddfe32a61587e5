export type LogFields = Readonly<Record<string, unknown>>;

/** Structured lines for the operator; never a secret, never a caption. */
export type Log = {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
};

const LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];

/**
 * Writes one line an event: time (UTC), level, sentence, then `key=value` (logfmt). Errors among
 * the fields carry their causes; the stack only at level `debug`. A value of the server, not of
 * the module, so that two servers in one process keep their lines apart.
 */
export function createLog(level: LogLevel, sink: (line: string) => void): Log {
  const lowest = LEVELS.indexOf(level);
  const at =
    (own: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (LEVELS.indexOf(own) < lowest) return;
      const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${show(value, lowest)}`);
      sink(`${new Date().toISOString()} ${own.toUpperCase()} ${oneLine(message)}${pairs.join('')}`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warning'), error: at('error') };
}

function show(value: unknown, lowest: number): string {
  if (value instanceof Error) return quote(showError(value, lowest === 0));
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'object' && value !== null) return quote(JSON.stringify(value));
  return String(value);
}

function showError(error: Error, withStack: boolean): string {
  const own = withStack && error.stack ? error.stack : `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own} <- ${showError(error.cause, withStack)}` : own;
}

// A line stays a line: nobody can write a second one by way of a name or a header.
function quote(text: string): string {
  return /^[\w.:/@+-]+$/.test(text) ? text : visible(JSON.stringify(text));
}

// Signs that a terminal obeys and JSON leaves as they are: C1, line ends, the way of writing.
function visible(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
