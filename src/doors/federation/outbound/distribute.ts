import type { Context } from '#base/context.ts';
import type { JobPayload } from '#domain/kinds.ts';

/** Handler of `federation.distribute`: decides who must know, writes the activity and its deliveries. */
export async function distribute(
  _ctx: Context,
  _news: JobPayload<'federation.distribute'>,
  _signal?: AbortSignal,
): Promise<void> {}
