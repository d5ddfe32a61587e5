import { expect } from 'bun:test';
import {
  createTestApp,
  type Person,
  type RequestOptions,
  type TestApp,
} from '#test/harness/app.ts';

/** An open server without request limits, with these people; the first is its owner. */
export async function openCommunity<Name extends string>(
  names: readonly Name[],
  origin: string | null = null,
): Promise<{ app: TestApp } & Record<Name, Person>> {
  const app = await createTestApp({
    settings: { mode: 'community' },
    config: { origin, rates: false },
  });
  const people = {} as Record<Name, Person>;
  for (const [at, name] of names.entries()) {
    people[name] = await app.person(name, at === 0 ? 'owner' : 'member');
  }
  return { app, ...people };
}

/** Asks the API and answers what came back, whatever its status: every answer of it is JSON. */
export async function askJson<T>(
  app: TestApp,
  path: string,
  options: RequestOptions = {},
): Promise<{ status: number; headers: Headers; json: T }> {
  const answer = await app.request(path, options);
  expect(answer.headers.get('content-type')).toStartWith('application/json');
  return { status: answer.status, headers: answer.headers, json: (await answer.json()) as T };
}
