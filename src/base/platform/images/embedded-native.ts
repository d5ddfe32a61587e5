/** A file inside the executable, and how to know it again. */
export type EmbeddedFile = {
  /** Path inside the executable. */
  file: string;
  /** Its name on disk. libvips must have the name that sharp's binding asks the loader for. */
  name: string;
  /** Hex, of the whole file. */
  sha256: string;
};

/** The parts of sharp that are not JavaScript. */
export type EmbeddedNative = {
  libvips: EmbeddedFile;
  binding: EmbeddedFile;
  /** Where the binding lies on disk, set before sharp is loaded. */
  bindingPath: string;
};

/**
 * Null in a source checkout, where sharp finds its parts in `node_modules` by itself. When the
 * executable is built, `scripts/compile.ts` puts a module with the target's files in this place.
 */
export const embedded: EmbeddedNative | null = null;
