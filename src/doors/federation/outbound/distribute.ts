import type { Context } from '#base/context.ts';
import { isFederating } from '#domain/federate.ts';
import type { JobPayload } from '#domain/kinds.ts';
import { tellAccount, tellFarewell, tellMove, tellPin, tellReport } from './tell-account.ts';
import { tellDelete } from './tell-delete.ts';
import {
  tellAnswer,
  tellBlock,
  tellFollow,
  tellLike,
  tellShare,
  tellUnfollow,
} from './tell-people.ts';
import { tellPost } from './tell-post.ts';

type News = JobPayload<'federation.distribute'>;

/**
 * Handler of `federation.distribute`: decides who must know, writes the activity and its deliveries.
 * Run twice it writes once: everything carries the `seq` of its job.
 */
export async function distribute(ctx: Context, news: News, signal?: AbortSignal): Promise<void> {
  if (!isFederating(ctx)) return;
  signal?.throwIfAborted();
  const seq = news.seq ?? ctx.newId();
  await tell(ctx, news, seq);
}

function tell(ctx: Context, news: News, seq: number): Promise<void> {
  switch (news.what) {
    case 'post':
      return tellPost(ctx, news, seq);
    case 'delete':
      return tellDelete(ctx, news, seq);
    case 'like':
    case 'unlike':
      return tellLike(ctx, news, seq);
    case 'share':
    case 'unshare':
      return tellShare(ctx, news, seq);
    case 'follow':
      return tellFollow(ctx, news, seq);
    case 'unfollow':
      return tellUnfollow(ctx, news, seq);
    case 'accept':
    case 'reject':
      return tellAnswer(ctx, news, seq);
    case 'block':
    case 'unblock':
      return tellBlock(ctx, news, seq);
    case 'pin':
    case 'unpin':
      return tellPin(ctx, news, seq);
    case 'account':
      return tellAccount(ctx, news, seq);
    case 'move':
      return tellMove(ctx, news, seq);
    case 'farewell':
      return tellFarewell(ctx, news, seq);
    case 'flag':
      return tellReport(ctx, news, seq);
  }
}
