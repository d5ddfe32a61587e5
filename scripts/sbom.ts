import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './process.ts';
import { describeParts, licencesOf } from './sbom/describe-parts.ts';
import { readLock } from './sbom/read-lock.ts';

const { values } = parseArgs({
  options: { to: { type: 'string', default: 'dist/sbom.cdx.json' } },
});

/**
 * `bun run sbom [--to FILE]`: writes what the executable is made of as CycloneDX 1.5, the same bytes for
 * the same `bun.lock`, and prints under which licences its parts stand.
 */
const parts = describeParts(readLock(join(root, 'bun.lock')));
const path = join(root, values.to);
const text = `${JSON.stringify(parts, null, 2)}\n`;
mkdirSync(dirname(path), { recursive: true });
if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
for (const [licence, names] of licencesOf(parts)) {
  console.log(`${licence}: ${names.length} (${names.join(', ')})`);
}
