import { type Draft, isEmptyDraft, readDraft } from './draft.ts';

/** Where a draft waits between two visits: its words here, its files in the browser's database. */
export type DraftStore = {
  load: () => Draft | null;
  save: (draft: Draft) => void;
  clear: () => Promise<void>;
  putFile: (key: string, file: Blob) => Promise<void>;
  getFile: (key: string) => Promise<Blob | null>;
  dropFile: (key: string) => Promise<void>;
};

const storeName = 'files';

function openFiles(account: string): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    if (typeof indexedDB === 'undefined') return resolve(null);
    const request = indexedDB.open(`tintype-draft-${account}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    // A private window may refuse: then only the words are kept.
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

function settle<T>(
  database: IDBDatabase | null,
  mode: IDBTransactionMode,
  ask: (files: IDBObjectStore) => IDBRequest,
): Promise<T | null> {
  return new Promise((resolve) => {
    if (database === null) return resolve(null);
    try {
      const transaction = database.transaction(storeName, mode);
      const request = ask(transaction.objectStore(storeName));
      transaction.oncomplete = () => resolve((request.result as T | undefined) ?? null);
      transaction.onerror = () => resolve(null);
      transaction.onabort = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

/** Keeps the draft of one account in this browser. Nothing here ever throws: a full or forbidden store costs comfort only. */
export function openDraftStore(account: string): DraftStore {
  const name = `tintype.draft.${account}`;
  const opened = openFiles(account);
  return {
    load() {
      try {
        return readDraft(localStorage.getItem(name));
      } catch {
        return null;
      }
    },
    save(draft) {
      try {
        if (isEmptyDraft(draft)) localStorage.removeItem(name);
        else localStorage.setItem(name, JSON.stringify(draft));
      } catch {
        // The next change tries again.
      }
    },
    async clear() {
      try {
        localStorage.removeItem(name);
      } catch {
        // Nothing was kept, then.
      }
      await settle(await opened, 'readwrite', (files) => files.clear());
    },
    async putFile(key, file) {
      await settle(await opened, 'readwrite', (files) => files.put(file, key));
    },
    async getFile(key) {
      return settle<Blob>(await opened, 'readonly', (files) => files.get(key));
    },
    async dropFile(key) {
      await settle(await opened, 'readwrite', (files) => files.delete(key));
    },
  };
}
