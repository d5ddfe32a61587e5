import type { LiveEvent } from '#base/context.ts';
import type { Log } from '#base/platform/log.ts';

/** Events inside one process: who is there hears them, nobody else, and nothing is kept. */
export type Live = {
  emit(event: LiveEvent): void;
  /** Hears every event of a type, or of all with `*`; gives the way to stop. */
  on(type: string, hear: (event: LiveEvent) => void): () => void;
};

/** Makes the events of one server. A listener that throws is logged and harms nobody else. */
export function createLive(log: Log): Live {
  const listeners = new Map<string, Set<(event: LiveEvent) => void>>();
  const tell = (type: string, event: LiveEvent) => {
    for (const hear of listeners.get(type) ?? []) {
      try {
        hear(event);
      } catch (error) {
        log.error('A listener of a live event failed.', { type: event.type, error });
      }
    }
  };
  return {
    emit: (event) => {
      tell(event.type, event);
      tell('*', event);
    },
    on: (type, hear) => {
      const group = listeners.get(type) ?? new Set();
      listeners.set(type, group.add(hear));
      return () => group.delete(hear);
    },
  };
}
