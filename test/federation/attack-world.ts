import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor, type PostOptions } from '#test/harness/peer.ts';

type Answered = { status: number; error: string };

/**
 * A server with ann, and two others that write to it: a good one with a victim, a bad one with who
 * attacks; `next` makes both anew, so that no test meets what another one left.
 */
export type AttackWorld = {
  good: Peer;
  bad: Peer;
  open(): Promise<{ app: FederatedApp; ann: Person }>;
  next(): { victim: PeerActor; evil: PeerActor };
  annUri(): string;
  inbox(): string;
  /** Sends an activity to the shared inbox and has everything worked off. */
  post(peer: Peer, activity: unknown, how: PostOptions): Promise<Answered>;
  asEvil(activity: unknown): Promise<Answered>;
  asVictim(activity: unknown): Promise<Answered>;
  /** How often a peer was asked for something. */
  gets(peer: Peer): number;
  close(): Promise<void>;
};

export function createAttackWorld(): AttackWorld {
  const good = createPeer({ address: '127.0.0.3' });
  const bad = createPeer({ address: '127.0.0.4' });
  let made: FederatedApp | null = null;
  let number = 0;
  let victim = good.actor('victim');
  let evil = bad.actor('evil');
  const app = (): FederatedApp => {
    if (made === null) throw new Error('The world is not open.');
    return made;
  };
  const inbox = () => `${app().origin}/inbox`;
  const post: AttackWorld['post'] = async (peer, activity, how) => {
    const answer = await peer.post(inbox(), activity, how);
    const text = await answer.text();
    await settleAll(app());
    return { status: answer.status, error: text === '' ? '' : JSON.parse(text).error };
  };
  return {
    ...{ good, bad, inbox, post },
    open: async () => {
      made = await createFederatedApp({ config: { rates: false } });
      return { app: made, ann: await made.person('ann', 'owner') };
    },
    next: () => {
      number += 1;
      victim = good.actor(`victim${number}`);
      evil = bad.actor(`evil${number}`);
      return { victim, evil };
    },
    annUri: () => `${app().origin}/users/ann`,
    asEvil: (activity) => post(bad, activity, { as: evil }),
    asVictim: (activity) => post(good, activity, { as: victim }),
    gets: (peer) => peer.requests.filter(({ method }) => method === 'GET').length,
    close: async () => {
      await made?.close();
      await Promise.all([good.close(), bad.close()]);
    },
  };
}
