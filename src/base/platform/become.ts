/**
 * Puts a program in the place of this process: same id, same terminal, same rights, whatever watches
 * over it sees no end. Files, sockets and locks are closed by the kernel. Only comes back by throwing,
 * when the file cannot be started.
 */
export function become(file: string, argv: readonly string[]): never {
  // The environment goes along as it is.
  process.execve?.(file, [file, ...argv]);
  throw new Error(`${file} cannot be started in the place of this process.`);
}
