import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Config } from '#base/config/config.ts';

/** A store that speaks S3, on this machine alone. */
export type TestStore = {
  s3: S3Config;
  /** Its buckets are folders in it; what they hold lies there as files. */
  folder: string;
  close(): Promise<void>;
};

/** Starts one with these buckets, in a process of its own. */
export async function startObjectStore(buckets: readonly string[]): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-store-'));
  const main = join(import.meta.dir, 'object-store-main.mjs');
  const child = Bun.spawn(['node', main, folder, ...buckets], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const port = Number(new TextDecoder().decode(value));
  if (!Number.isInteger(port) || port === 0) throw new Error('The store did not start.');
  return {
    s3: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
    },
    folder,
    close: async () => {
      await child.stdin.end();
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
