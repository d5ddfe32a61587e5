import type { Channel } from './channels.ts';
import type { Message } from './listeners.ts';

// Many listeners are told the same one after the other: the last text is kept as it goes out.
let last: { payload: string; quoted: string } = { payload: '', quoted: '""' };

function quoted(payload: string): string {
  if (last.payload !== payload) last = { payload, quoted: JSON.stringify(payload) };
  return last.quoted;
}

/** A message as a WebSocket carries it: `payload` is JSON inside of JSON (client-api.md §4). */
export function socketFrame({ label }: Channel, { event, payload }: Message): string {
  const rest = payload === null ? '' : `,"payload":${quoted(payload)}`;
  return `{"stream":${JSON.stringify(label)},"event":"${event}"${rest}}`;
}

/** A message as server-sent events carry it (HTML standard, §9.2). */
export function eventFrame({ event, payload }: Message): string {
  return `event: ${event}\ndata: ${payload ?? 'undefined'}\n\n`;
}
