import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '#base/context.ts';
import { saveSiteCopy } from '#domain/site-copy.ts';
import { copySite } from './copy-site.ts';

/**
 * Handler of the job `site.copy`: puts a fresh copy of all that is public in the place of the last
 * one, `site-copy` in the data directory. The last one stays until the new one is whole; what goes
 * wrong is told on the page, and asking again begins anew.
 */
export async function renewSiteCopy(ctx: Context, signal: AbortSignal): Promise<void> {
  const path = join(ctx.files.root, 'site-copy');
  const fresh = `${path}-new`;
  try {
    await rm(fresh, { recursive: true, force: true });
    const { pages, bytes } = await copySite(ctx, fresh, { signal });
    await rm(path, { recursive: true, force: true });
    await rename(fresh, path);
    saveSiteCopy(ctx, { state: 'done', path, pages, bytes, at: ctx.now() });
  } catch (error) {
    // The server goes down: the job waits, and is done when it is up again.
    signal.throwIfAborted();
    saveSiteCopy(ctx, {
      state: 'failed',
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
