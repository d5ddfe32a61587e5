import { describe, expect, test } from 'bun:test';
import { architectureRules } from './harness/architecture.ts';
import { readSourceFiles } from './harness/source-files.ts';

const root = `${import.meta.dir}/..`;
const files = await readSourceFiles(root);

describe('the house stands as src/README.md draws it:', () => {
  for (const [name, rule] of Object.entries(architectureRules)) {
    test(name, () => expect(rule(files)).toEqual([]));
  }
});

describe('each rule fires on what it forbids:', () => {
  const bad: Record<string, Record<string, string>> = {
    'imports point down': {
      'src/base/db/open.ts': `import type { Viewer } from '#domain/accounts/viewer.ts';`,
      'src/domain/timelines/home.ts': `import { x } from '#domain/discovery/x.ts';`,
      'src/base/jobs/worker.ts': `export type { Live } from '#base/live/live.ts';`,
      'src/domain/media/add.ts': `const a = await import('#doors/http/body.ts');`,
      'src/domain/posts/edit.ts': `import {\n  one,\n  two,\n} from '#domain/timelines/home.ts';`,
    },
    'every file of src lies in a room': { 'src/doors/elsewhere/x.ts': '' },
    'nothing imports in a circle': {
      'src/base/core/a.ts': `import type { B } from './b.ts';`,
      'src/base/core/b.ts': `import { a } from '#base/core/a.ts';`,
    },
    'no import climbs with ../': { 'src/base/db/open.ts': `import { a } from '../core/a.ts';` },
    'the web takes from src only types of doors/entities': {
      'web/pages/a.tsx': `import { readSetting } from '#domain/settings.ts';`,
      'web/pages/b.tsx': `import type { Viewer } from '#domain/accounts/viewer.ts';`,
      'web/pages/c.tsx': `import { statusesJson } from '#doors/entities/status.ts';`,
    },
    'some imports are reserved': {
      'src/doors/http/auth.ts': `import { Lucia } from 'lucia';`,
      'src/domain/media/add.ts': `import sharp from 'sharp';`,
      'src/domain/posts/publish.ts': `import { Elysia } from 'elysia';`,
      'src/doors/http/body.ts': `import { Card } from '#web/components/card.tsx';`,
      'src/app/create-app.ts': `import { createTestApp } from '#test/harness/app.ts';`,
    },
    'no file is longer than 400 lines': { 'src/base/core/long.ts': 'export {};\n'.repeat(401) },
    'SQL is in queries.ts, reading.ts and .sql files': {
      'src/domain/posts/publish.ts': 'db.query(`SELECT id\n FROM posts`);',
      'src/domain/posts/edit.ts': `db.run('UPDATE posts SET caption = 1');`,
      'src/domain/upkeep/nightly.ts': `db.run('PRAGMA optimize');`,
    },
    'only base/config reads the environment': {
      'src/app/create-app.ts': `export const home = process.env['HOME'];`,
      'src/base/platform/files.ts': `export const home = Bun.env.HOME;`,
    },
    'a class is an error': { 'src/domain/posts/publish.ts': `export class Publisher {}` },
    'a file of a room is named after what it exports': {
      'src/domain/posts/publish.ts': `export function makePost() {}`,
    },
    'no drawer for odds and ends': { 'src/base/core/utils.ts': '', 'web/helpers/dates.ts': '' },
  };
  for (const [name, rule] of Object.entries(architectureRules)) {
    test(name, () => {
      const examples = Object.entries(bad[name] ?? {});
      const together = name === 'nothing imports in a circle';
      const worlds = together ? [examples] : examples.map((example) => [example]);
      expect(worlds.length).toBeGreaterThan(0);
      for (const world of worlds) expect(rule(new Map(world))).not.toEqual([]);
    });
  }
});

test('a comment about SQL, the environment or an import breaks no rule', () => {
  const quiet = new Map([
    [
      'src/domain/posts/publish.ts',
      `// SELECT id FROM posts, process.env, import { a } from '../a.ts'\nexport const publish = 1;`,
    ],
  ]);
  for (const rule of Object.values(architectureRules)) expect(rule(quiet)).toEqual([]);
});
