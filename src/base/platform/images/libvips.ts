/** The shared library that the compiled file carries: where it lies inside, and how to know it again. */
export type EmbeddedLibrary = {
  /** Path inside the executable. */
  file: string;
  /** The name that sharp's binding asks the loader for (SONAME). */
  name: string;
  /** Hex, of the whole file. */
  sha256: string;
};

/**
 * Null in a source checkout, where sharp finds libvips in `node_modules` by itself. When the
 * executable is built, `scripts/build.ts` puts a module with the target's library in this place.
 */
export const libvips: EmbeddedLibrary | null = null;
