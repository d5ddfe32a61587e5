import type { JsonSchema } from '@valibot/to-json-schema';
import type { ReferencePage, ReferenceRow } from '#doors/entities/reference-page.ts';
import type { FrontDoor } from '#doors/http/server.ts';
import { inputSchema, type ReferenceRoute, referenceRoutes } from './openapi.ts';

/** What the page for people is drawn from. */
export function referencePage(routes: FrontDoor['routes']): ReferencePage {
  const chapters = new Map<string, ReferenceRow[]>();
  for (const route of referenceRoutes(routes)) {
    chapters.set(route.chapter, [...(chapters.get(route.chapter) ?? []), rowOf(route)]);
  }
  return {
    document: '/api/openapi.json',
    chapters: [...chapters].map(([title, rows]) => ({ title, routes: rows })),
  };
}

function rowOf(route: ReferenceRoute): ReferenceRow {
  const { description } = route;
  return {
    method: route.method,
    path: route.path,
    says: description?.says ?? '',
    answer: description?.answer.replace(/\[\]$/, ', a list') ?? '',
    who: whoMay(route),
    fields: description?.input ? fieldsOf(inputSchema(description.input)) : [],
  };
}

function whoMay({ need, method }: ReferenceRoute): string {
  if (need === null) return 'Anybody.';
  if (need.by === 'admin') {
    return `Admins; a token needs ${method === 'GET' ? 'admin:read' : 'admin:write'}.`;
  }
  const scopes = need.scopes.length === 0 ? 'any token' : need.scopes.join(' or ');
  return need.by === 'person' ? `Needs ${scopes}.` : `Anybody; a token needs ${scopes}.`;
}

function fieldsOf(schema: JsonSchema): ReferenceRow['fields'] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const known = typeof property === 'object' ? property : {};
    return {
      name,
      kind: kindOf(known),
      note: known.description ?? '',
      required: required.has(name),
    };
  });
}

/** `text`, `number`, `yes or no`, `list`: what a person calls it. */
function kindOf(schema: JsonSchema): string {
  const options = [schema, ...(schema.anyOf ?? [])].flatMap((each) =>
    typeof each === 'object' ? [each] : [],
  );
  if (options.some((each) => each.enum)) {
    return options.flatMap((each) => each.enum ?? []).join(', ');
  }
  const types = new Set(options.flatMap((each) => each.type ?? []));
  if (types.has('array')) return 'list';
  if (types.has('boolean')) return 'yes or no';
  if (types.has('string')) return 'text';
  return types.has('number') || types.has('integer') ? 'number' : '';
}
