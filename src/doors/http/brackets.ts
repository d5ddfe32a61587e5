import { AppError } from '#base/core/errors.ts';

/** What came in by query, form or JSON: plain values in objects without a prototype. */
export type Input = Record<string, unknown>;

/** Most fields of a form, and most values of a JSON body. */
const MAX_FIELDS = 1000;
const MAX_DEPTH = 8;
/** Characters of a name; nobody's field is called longer. */
const MAX_NAME = 200;
/** Names that mean something to JavaScript objects; nobody's field is called so. */
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

/** True for a name that may become a key. */
export function isSafeKey(key: string): boolean {
  return !UNSAFE.has(key);
}

/** An empty object without a prototype. */
export function emptyInput(): Input {
  return Object.create(null) as Input;
}

/**
 * Puts `name=value` pairs into one object as Rails does, which the apps of this field expect:
 * `media_ids[]` collects, `a[b]` nests, `a[0][b]` and `a[][b]` make lists of objects, and of a plain
 * name the last wins. Throws `bad_request` for too many fields or too deep names.
 */
export function expandPairs(pairs: Iterable<readonly [string, unknown]>): Input {
  const root = emptyInput();
  let count = 0;
  for (const [name, value] of pairs) {
    count += 1;
    if (count > MAX_FIELDS) throw new AppError('bad_request', 'The form has too many fields.');
    const path = keyPath(name);
    if (path) put(root, path, value);
  }
  return settle(root) as Input;
}

/** `a[b][]` → `['a', 'b', '']`; null if a part is not a fit key. */
function keyPath(name: string): string[] | null {
  if (name.length > MAX_NAME) throw new AppError('bad_request', 'A field has too long a name.');
  const open = name.indexOf('[');
  if (open === -1 || !name.endsWith(']')) return isSafeKey(name) && name !== '' ? [name] : null;
  const path = [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
  if (path.length > MAX_DEPTH) throw new AppError('bad_request', 'A field is nested too deeply.');
  const fit =
    path[0] !== '' &&
    path.every((key) => isSafeKey(key) && !key.includes('[') && !key.includes(']'));
  return fit ? path : null;
}

function put(root: Input, path: readonly string[], value: unknown): void {
  let node: Input | unknown[] = root;
  for (let index = 0; index < path.length - 1; index += 1) {
    node = child(node, path[index] ?? '', path[index + 1] ?? '');
  }
  const last = path.at(-1) ?? '';
  if (!Array.isArray(node)) node[last] = value;
  else if (Array.isArray(value)) node.push(...value);
  else node.push(value);
}

/** The list (`next` is empty) or object that `key` of `node` leads to, made if need be. */
function child(node: Input | unknown[], key: string, next: string): Input | unknown[] {
  const known: unknown = Array.isArray(node) ? node.at(-1) : node[key];
  // In a list of objects (`a[][b]`) the same name again begins the next object.
  if (isObject(known) && next !== '' && !(Array.isArray(node) && next in known)) return known;
  if (Array.isArray(known) && next === '' && !Array.isArray(node)) return known;
  const made = next === '' ? [] : emptyInput();
  if (Array.isArray(node)) node.push(made);
  else node[key] = made;
  return made;
}

function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Turns `{0: …, 1: …}` of brackets into lists. */
function settle(value: unknown, top = true): unknown {
  if (Array.isArray(value)) return value.map((item) => settle(item, false));
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  for (const key of keys) value[key] = settle(value[key], false);
  const numbered = !top && keys.length > 0 && keys.every((key) => /^[0-9]{1,4}$/.test(key));
  return numbered ? keys.sort((a, b) => Number(a) - Number(b)).map((key) => value[key]) : value;
}
