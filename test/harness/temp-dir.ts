import { afterAll } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh directory that goes when the tests of the file are over. */
export function tempDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'tintype-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
