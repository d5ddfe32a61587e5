/** What a WebSocket that is open can be told to do. */
export type OpenSocket = {
  send(text: string): void;
  /** Bytes that wait because the other side does not read. */
  waiting(): number;
  /** Ends it with a code of RFC 6455 §7.4; at once, without waiting for an answer, if `now`. */
  close(code: number, reason: string, now?: boolean): void;
};

/** Who speaks at our end of a WebSocket. */
export type SocketHandler = {
  opened(socket: OpenSocket): void;
  heard(text: string): void;
  closed(): void;
};

/** Turns a request into a WebSocket; false if it cannot become one. */
export type Upgrade = (handler: SocketHandler, headers: Record<string, string>) => boolean;
