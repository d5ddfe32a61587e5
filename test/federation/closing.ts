import { afterEach } from 'bun:test';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type Peer } from '#test/harness/peer.ts';

const open: { close(): Promise<void> | void }[] = [];

/** Has what `openApp` and `openPeer` opened closed after each test of a file; called at its top. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
}

/** Keeps something open until the test ends. */
export function keepOpen<T extends { close(): Promise<void> | void }>(made: T): T {
  open.push(made);
  return made;
}

export async function openApp(): Promise<FederatedApp> {
  return keepOpen(await createFederatedApp());
}

export function openPeer(address: string): Peer {
  return keepOpen(createPeer({ address }));
}
