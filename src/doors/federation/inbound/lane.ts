import type { Context } from '#base/context.ts';
import type { InboxRow } from './inbox-queries.ts';
import type { createLedger } from './ledger.ts';
import { prepareItem } from './prepare.ts';

/** Milliseconds that the slow part of one activity may take: some documents of 10 s each. */
const DEADLINE = 60_000;

/**
 * Works off activities of one signer in their order. Those that do not speak of each other share a
 * commit; one that may need what an earlier one writes waits for that. When one fails, those behind
 * it stay in the table.
 */
export async function runLane(
  ctx: Context,
  ledger: ReturnType<typeof createLedger>,
  items: readonly InboxRow[],
  ending: AbortSignal,
): Promise<void> {
  let written: Promise<void>[] = [];
  let earlier = new Set<string>();
  for (const item of items) {
    if (ending.aborted) break;
    const { own, named } = readIds(item.body);
    if (named.some((id) => earlier.has(id))) {
      await Promise.all(written);
      written = [];
      earlier = new Set();
    }
    try {
      const apply = await withDeadline(prepareItem(ctx, item));
      written.push(ledger.write(item, apply));
      for (const id of own) earlier.add(id);
    } catch (error) {
      if (!ending.aborted) written.push(ledger.postpone(item, error));
      break;
    }
  }
  await Promise.all(written);
}

const NAMED = /"(id|object|inReplyTo|target)"\s*:\s*"(https?:[^"]{1,2000})"/g;

/** Ids that an activity brings, and all that it speaks of, without looking closely. */
function readIds(body: string): { own: string[]; named: string[] } {
  const own: string[] = [];
  const named: string[] = [];
  for (const [, property, id = ''] of body.matchAll(NAMED)) {
    named.push(id);
    if (property === 'id') own.push(id);
  }
  return { own, named };
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The work took too long.')), DEADLINE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
