export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process; nothing else reads them. */
export function environment(): Environment {
  return process.env;
}
