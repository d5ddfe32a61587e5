import { AppError } from '#base/core/errors.ts';
import { emptyInput, expandPairs, type Input, isSafeKey } from './brackets.ts';

const MAX_DEPTH = 32;
const MAX_VALUES = 20_000;

/**
 * Reads a JSON body into safe input: an empty one is `{}`, keys like `__proto__` are left out,
 * bracket keys at the top are expanded. Depth and count are looked at before anything is built, so
 * that no body of a megabyte holds the server up. Throws `bad_request`.
 */
export function parseJson(text: string): Input {
  if (text.trim() === '') return emptyInput();
  refuseTangled(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('bad_request', 'The body is not valid JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('bad_request', 'The body must be a JSON object.');
  }
  const plain = copy(value) as Input;
  const bracketed = Object.keys(plain).some((key) => key.includes('['));
  return bracketed ? expandPairs(Object.entries(plain)) : plain;
}

/** One pass over the text, counting brackets and commas outside strings. */
function refuseTangled(text: string): void {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 92) index += 1;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 91 || code === 123) depth += 1;
    else if (code === 93 || code === 125) depth -= 1;
    else if (code === 44) values += 1;
    if (depth > MAX_DEPTH || values > MAX_VALUES) {
      throw new AppError('bad_request', 'The body holds too much or is nested too deeply.');
    }
  }
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  const made = emptyInput();
  for (const [key, inner] of Object.entries(value)) {
    if (isSafeKey(key)) made[key] = copy(inner);
  }
  return made;
}
