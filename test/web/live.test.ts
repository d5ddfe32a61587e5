import { expect, test } from 'bun:test';
import { createLive, type LiveMessage } from '#web/client/live.ts';

/** A page with a clock, a network and somebody who looks at it or not. */
function createPage() {
  const sockets: FakeSocket[] = [];
  const timers = new Map<number, { act: () => void; milliseconds: number }>();
  let hidden = false;
  let changed = () => {};
  let count = 0;
  const live = createLive({
    open: () => {
      const socket = fakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    isHidden: () => hidden,
    isLeft: () => false,
    onVisibility: (hear) => {
      changed = hear;
    },
    later: (act, milliseconds) => {
      count += 1;
      timers.set(count, { act, milliseconds });
      return count;
    },
    cancel: (timer) => {
      timers.delete(timer);
    },
  });
  return {
    live,
    sockets,
    pauses: () => [...timers.values()].map(({ milliseconds }) => milliseconds),
    pass: () => {
      for (const [id, { act }] of [...timers]) {
        timers.delete(id);
        act();
      }
    },
    hide: (now: boolean) => {
      hidden = now;
      changed();
    },
  };
}

type FakeSocket = ReturnType<typeof fakeSocket>;
function fakeSocket() {
  const said: string[] = [];
  const socket = {
    said,
    readyState: 0,
    onopen: () => {},
    onmessage: (_: { data: string }) => {},
    onclose: () => {},
    send: (text: string) => said.push(text),
    close: () => {
      socket.readyState = 3;
      socket.onclose();
    },
    open: () => {
      socket.readyState = 1;
      socket.onopen();
    },
    tell: (frame: object) => socket.onmessage({ data: JSON.stringify(frame) }),
  };
  return socket;
}

test('one connection carries what several parts of a page want to hear', () => {
  const page = createPage();
  const own: unknown[] = [];
  const open: unknown[] = [];
  const stop = page.live((message) => own.push(message));
  page.live((message) => open.push(message), 'public:local');
  expect(page.sockets).toHaveLength(1);
  const [socket] = page.sockets;
  socket?.open();
  expect(socket?.said.map((line) => JSON.parse(line).stream)).toEqual(['user', 'public:local']);
  socket?.tell({ stream: ['user'], event: 'update', payload: '{}' });
  socket?.tell({ stream: ['public:local'], event: 'delete', payload: '12' });
  socket?.tell({ error: 'Something', status: 400 });
  expect(own).toEqual([{ stream: 'user', event: 'update', payload: '{}' }] satisfies LiveMessage[]);
  expect(open).toEqual([{ stream: 'public:local', event: 'delete', payload: '12' }]);
  stop();
  expect(JSON.parse(socket?.said.at(-1) ?? '')).toEqual({ type: 'unsubscribe', stream: 'user' });
});

test('a lost connection is opened again after growing pauses, and the page hears that it missed some', () => {
  const page = createPage();
  const heard: unknown[] = [];
  page.live((message) => heard.push(message));
  page.sockets[0]?.open();
  for (let n = 0; n < 4; n += 1) {
    page.sockets.at(-1)?.close();
    const [pause = 0] = page.pauses();
    expect(pause).toBeGreaterThanOrEqual(700 * 2 ** n);
    expect(pause).toBeLessThanOrEqual(1300 * 2 ** n);
    page.pass();
  }
  expect(heard).toEqual([]);
  page.sockets.at(-1)?.open();
  expect(heard).toEqual(['again']);
});

test('a page that nobody looks at stops listening after a while, and begins again when it is shown', () => {
  const page = createPage();
  const heard: unknown[] = [];
  page.live((message) => heard.push(message));
  page.sockets[0]?.open();
  page.hide(true);
  expect(page.sockets[0]?.readyState).toBe(1);
  page.pass();
  expect(page.sockets[0]?.readyState).toBe(3);
  expect(page.pauses()).toEqual([]);
  page.hide(false);
  page.pass();
  page.sockets[1]?.open();
  expect(heard).toEqual(['again']);
});
