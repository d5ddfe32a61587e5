import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { entities } from '#app/reference/entities.ts';
import { isEntity, referenceRoutes } from '#app/reference/openapi.ts';
import { chapters } from '#app/reference/reference.ts';
import type { FrontDoor } from '#doors/http/server.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';

type Operation = {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, { description: string }>;
  security: Record<string, string[]>[];
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { required?: string[]; properties?: Record<string, unknown> }>;
  };
};

let app: TestApp;
let routes: FrontDoor['routes'];
let document: Document;
beforeAll(async () => {
  app = await createTestApp();
  await app.person('anna', 'owner');
  ({ routes } = await app.app.door());
  document = (await (await app.request('/api/openapi.json')).json()) as Document;
});
afterAll(() => app.close());

const isForApps = (path: string): boolean => path.startsWith('/api/') || path.startsWith('/oauth/');

const patternOf = (path: string): string =>
  path.replace(/:([A-Za-z_]+)/g, '{$1}').replace(/\*$/, '{rest}');

describe('the reference of the client API', () => {
  test('says of every route what it does', () => {
    const silent = referenceRoutes(routes).filter(({ description }) => description === null);
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  test('invents no route', () => {
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    const invented = chapters.flatMap(({ routes: rows }) =>
      Object.keys(rows).filter((key) => !known.has(key)),
    );
    expect(invented).toEqual([]);
  });

  test('holds every route of the table with its method, and no other', () => {
    const written = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const known = routes
      .filter(({ path }) => isForApps(path))
      .map(({ method, path }) => `${method} ${patternOf(path)}`);
    expect(written.sort()).toEqual([...new Set(known)].sort());
  });

  test('asks for the scopes that the guard of each route asks for', () => {
    for (const { method, path, need } of routes) {
      if (!isForApps(path) || need?.by !== 'person') continue;
      const shown = document.paths[patternOf(path)]?.[method.toLowerCase()];
      const scopes = (shown?.security ?? []).flatMap((each) => each.oauth ?? []);
      expect([path, scopes.sort()]).toEqual([path, [...need.scopes].sort()]);
    }
  });

  test('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  test('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(ids.length).toBe(new Set(ids).size);
  });

  test('describes every entity, and refers to those alone', () => {
    expect(Object.keys(document.components.schemas).sort()).toEqual(Object.keys(entities).sort());
    const named = [...JSON.stringify(document).matchAll(/"#\/([^"]+)"/g)].map(([, ref]) => ref);
    const known = Object.keys(entities).map((name) => `components/schemas/${name}`);
    expect(new Set(named).difference(new Set(known))).toEqual(new Set());
    const { properties, required } = document.components.schemas.Status ?? {};
    expect(properties?.account).toEqual({ $ref: '#/components/schemas/Account' });
    expect(required).toContain('media_attachments');
    for (const { routes: rows } of chapters) {
      for (const { answer } of Object.values(rows)) {
        const name = answer.replace(/\[\]$/, '');
        if (/^[A-Z][A-Za-z]+$/.test(name)) expect([name, isEntity(name)]).toEqual([name, true]);
      }
    }
  });

  test('is readable as a page, without anything from elsewhere', async () => {
    const answer = await app.request('/api/docs');
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('GET /api/v1/timelines/home');
    expect(html).toContain('Needs read:statuses.');
    expect(html).not.toMatch(/(src|href)="https?:\/\/(?!localhost)/);
  });
});
