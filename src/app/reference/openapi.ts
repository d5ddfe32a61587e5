import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { buildInfo } from '#base/core/build-info.ts';
import { allScopes } from '#domain/accounts/scopes.ts';
import type { FrontDoor } from '#doors/http/server.ts';
import type { RouteDescription } from './describe.ts';
import { type EntityName, entities } from './entities.ts';
import { chapters } from './reference.ts';

type Route = FrontDoor['routes'][number];
/** A route of the client API with what the reference says of it; null for one that nobody described. */
export type ReferenceRoute = Route & { description: RouteDescription | null; chapter: string };

/** The routes that apps may ask, in the order of the chapters; those without a description last. */
export function referenceRoutes(routes: readonly Route[]): ReferenceRoute[] {
  const left = new Map(
    routes.filter(({ path }) => isReferenced(path)).map((route) => [keyOf(route), route]),
  );
  const described = chapters.flatMap(({ title, routes: rows }) =>
    Object.entries(rows).flatMap(([key, description]) => {
      const route = left.get(key);
      left.delete(key);
      return route ? [{ ...route, description, chapter: title }] : [];
    }),
  );
  const rest = [...left.values()].map((each) => ({ ...each, description: null, chapter: 'More' }));
  return [...described, ...rest];
}

function isReferenced(path: string): boolean {
  return path.startsWith('/api/') || path.startsWith('/oauth/');
}

const keyOf = ({ method, path }: Route): string => `${method} ${path}`;

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: readonly Route[], origin: string, name: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of referenceRoutes(routes)) {
    const path = route.path.replace(/:([A-Za-z_]+)\??/g, '{$1}').replace(/\*$/, '{rest}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, path) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: `${name}: API for apps`,
      version: buildInfo.version,
      description:
        'The client API of Mastodon with the fields of Pixelfed. Ids are texts of digits, times are UTC with milliseconds. Lists are paged by their Link header. Input may come in the query, as JSON, or as a form.',
    },
    servers: [{ url: origin }],
    tags: chapters.map(({ title }) => ({ name: title })),
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(entities).map(([entity, schema]) => [entity, jsonSchema(schema, entity)]),
      ),
      securitySchemes: { oauth: oauthScheme(origin) },
    },
  };
}

function oauthScheme(origin: string): object {
  const scopes = Object.fromEntries(allScopes.map((scope) => [scope, scopeWords(scope)]));
  const tokenUrl = `${origin}/oauth/token`;
  return {
    type: 'oauth2',
    flows: {
      authorizationCode: {
        authorizationUrl: `${origin}/oauth/authorize`,
        tokenUrl,
        refreshUrl: tokenUrl,
        scopes,
      },
      clientCredentials: { tokenUrl, scopes },
    },
  };
}

function scopeWords(scope: string): string {
  const [verb = '', what] = scope.split(':').length === 3 ? adminParts(scope) : scope.split(':');
  return what === undefined ? `Everything of ${verb}` : `${verb} ${what.replaceAll('_', ' ')}`;
}

function adminParts(scope: string): string[] {
  const [, verb = '', what = ''] = scope.split(':');
  return [`as an admin ${verb}`, what];
}

function operation(route: ReferenceRoute, path: string): object {
  const { description, method } = route;
  const input = description?.input ? inputSchema(description.input) : null;
  const inQuery = method === 'GET' || method === 'DELETE';
  const parameters = [
    ...[...path.matchAll(/\{([A-Za-z_]+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...(inQuery && input ? queryParameters(input) : []),
  ];
  const body = input && !inQuery ? { requestBody: requestBody(input) } : {};
  return {
    operationId: operationId(route),
    tags: [route.chapter],
    summary: description?.says ?? '',
    ...(parameters.length > 0 ? { parameters } : {}),
    ...body,
    responses: {
      '200': answerOf(description?.answer ?? 'An object.'),
      default: answerOf('Error', 'A refusal.'),
    },
    security: securityOf(route),
  };
}

function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const parts = [
    ...words,
    ...(path.includes(':') ? ['one'] : []),
    ...(path.endsWith('*') ? ['any'] : []),
  ];
  return [method.toLowerCase(), ...parts].join('_');
}

function queryParameters(schema: JsonSchema): object[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const isList = typeof property === 'object' && property.type === 'array';
    return {
      name: isList ? `${name}[]` : name,
      in: 'query',
      required: required.has(name),
      schema: property,
      ...(isList ? { style: 'form', explode: true } : {}),
    };
  });
}

function requestBody(schema: JsonSchema): object {
  const content = { schema };
  return {
    content: {
      'application/json': content,
      'application/x-www-form-urlencoded': content,
      'multipart/form-data': content,
    },
  };
}

function answerOf(answer: string, words = answer): object {
  const [, name, many] = /^([A-Z][A-Za-z0-9]+)(\[\])?$/.exec(answer) ?? [];
  if (name === undefined || !isEntity(name)) return { description: words };
  const schema = { $ref: `#/components/schemas/${name}` };
  return {
    description: words,
    content: { 'application/json': { schema: many ? { type: 'array', items: schema } : schema } },
  };
}

/** True for a name of `entities`. */
export function isEntity(name: string): name is EntityName {
  return Object.hasOwn(entities, name);
}

/** One requirement for each scope, of which one is enough; an empty one where strangers are welcome. */
function securityOf({ need, method }: Route): object[] {
  if (need === null) return [];
  if (need.by === 'admin') return [{ oauth: [method === 'GET' ? 'admin:read' : 'admin:write'] }];
  const scopes = need.scopes.map((scope) => ({ oauth: [scope] }));
  const own = scopes.length > 0 ? scopes : [{ oauth: [] }];
  return need.by === 'anybody' ? [{}, ...own] : own;
}

/** The JSON Schema of what a route takes. */
export function inputSchema(schema: v.GenericSchema): JsonSchema {
  return jsonSchema(schema);
}

/** The JSON Schema of what goes in; known entities inside it become references. */
function jsonSchema(schema: v.GenericSchema, self: string | null = null): JsonSchema {
  const config: ConversionConfig = {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
    overrideSchema: ({ valibotSchema }) => {
      const entity = names.get(valibotSchema);
      if (entity !== undefined && entity !== self) {
        return { $ref: `#/components/schemas/${entity}` };
      }
      const meant = meantBy(valibotSchema);
      return meant === null ? undefined : bare(toJsonSchema(meant, config));
    },
  };
  return bare(toJsonSchema(schema, config));
}

const names = new Map<unknown, string>(
  Object.entries(entities).map(([name, schema]) => [schema, name]),
);

function bare({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** Fields of forms take anything that can be read as what they mean; what that is stands further down their pipe. */
function meantBy(schema: unknown): v.GenericSchema | null {
  if (typeof schema !== 'object' || schema === null || !('pipe' in schema)) return null;
  const parts = schema.pipe;
  if (!Array.isArray(parts) || parts[0]?.type !== 'unknown') return null;
  return parts.slice(1).find((part) => part?.kind === 'schema') ?? null;
}
