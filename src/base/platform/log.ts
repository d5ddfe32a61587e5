export type LogFields = Readonly<Record<string, unknown>>;

/** Structured lines for the operator; never a secret, never a caption. */
export type Log = {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
};
