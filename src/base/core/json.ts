/** What JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** An object of a document; nothing about its members is certain. */
export type JsonObject = { readonly [key: string]: JsonValue };
