import * as v from 'valibot';
import { type EntityName, entities } from '#app/reference/entities.ts';

/**
 * What is wrong with an answer that should be such an entity: a missing field, another type, null
 * where apps expect none, a date in another shape, a number for an id, or a field that the reference
 * does not know. Empty if all is well.
 */
export function entityProblems(name: EntityName, value: unknown): string[] {
  return schemaProblems(entities[name], value, name);
}

/** The same for a list of them. */
export function listProblems(name: EntityName, value: unknown): string[] {
  if (!Array.isArray(value)) return [`${name}[]: is no list but ${JSON.stringify(value)}`];
  return value.flatMap((each, index) =>
    entityProblems(name, each).map((text) => `${index}: ${text}`),
  );
}

function schemaProblems(schema: v.GenericSchema, value: unknown, name: string): string[] {
  const result = v.safeParse(schema, value);
  if (!result.success) {
    return result.issues.map((issue) => {
      const received = JSON.stringify(issue.input)?.slice(0, 80);
      return `${name}.${v.getDotPath(issue) ?? ''}: ${issue.message} (${received})`;
    });
  }
  return unknownFields(value, result.output, name);
}

/** Schemas of objects drop what they do not know: what is gone afterwards was never described. */
function unknownFields(value: unknown, known: unknown, path: string): string[] {
  if (Array.isArray(value) && Array.isArray(known)) {
    return value.flatMap((each, index) => unknownFields(each, known[index], `${path}.${index}`));
  }
  if (!isObject(value) || !isObject(known)) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key in known
      ? unknownFields(each, known[key], `${path}.${key}`)
      : [`${path}.${key}: nobody described this field`],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
