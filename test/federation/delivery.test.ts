import { afterEach, describe, expect, test } from 'bun:test';
import { transaction } from '#base/db/transaction.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { editPost } from '#domain/posts/edit.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer, type Peer } from '#test/harness/peer.ts';
import { follow, receiveActor } from './world.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function world(): Promise<{ app: FederatedApp; peer: Peer }> {
  const app = await createFederatedApp();
  const peer = createPeer();
  open.push(app, peer);
  return { app, peer };
}

describe('delivery', () => {
  test('a post reaches a follower once, then its edit and its end', async () => {
    const { app, peer } = await world();
    const ada = await app.person('ada', 'owner');
    follow(app.ctx, receiveActor(app.ctx, peer.actor('bob')), ada.viewer.id);
    follow(app.ctx, receiveActor(app.ctx, peer.actor('cleo')), ada.viewer.id);
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Hello #sea', mediaIds: [] });
    await settleAll(app);
    editPost(app.ctx, ada.viewer, post.id, { caption: 'Hello #lake' });
    await settleAll(app);
    deletePost(app.ctx, ada.viewer, post.id);
    await settleAll(app);
    expect(peer.posted().map(({ type }) => type)).toEqual(['Create', 'Update', 'Delete']);
    expect(peer.requests.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual(
      ['/inbox', '/inbox', '/inbox'],
    );
    transaction(app.ctx.db, () => {});
  });
});
