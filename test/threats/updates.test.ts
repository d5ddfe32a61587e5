import { afterAll, beforeEach, expect, test } from 'bun:test';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from '#base/platform/lock.ts';
import { foreignOwner } from '#cli/foreign-owner.ts';
import { printable } from '#cli/printable.ts';
import { failUpdate, settleStart } from '#domain/upkeep/settle-update.ts';
import { hashExecutable } from '#domain/upkeep/swap-executable.ts';
import { type UpdateRun, writeUpdateRecord } from '#domain/upkeep/update-record.ts';

const root = mkdtempSync(join(tmpdir(), 'tintype-updates-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const isRoot = process.getuid?.() === 0;
const SERVICE = 4321;

let data = '';
let n = 0;
beforeEach(() => {
  n += 1;
  data = join(root, `data-${n}`);
  mkdirSync(data);
});

const file = (name: string, text = name): string => {
  const path = join(data, name);
  writeFileSync(path, text);
  return path;
};

const record = (change: Partial<UpdateRun>): void =>
  writeUpdateRecord(data, {
    run: {
      phase: 'testing',
      from: '1.0.0',
      to: { version: '1.1.0', sha256: '' },
      executable: join(data, 'tintype'),
      staged: join(data, '.tintype.next'),
      begunAt: 0,
      endedAt: null,
      handed: false,
      starts: 0,
      detail: null,
      ...change,
    },
  });

test.if(isRoot)('T129: a service cannot pass for root by what it puts in its data', () => {
  chownSync(data, SERVICE, SERVICE);
  // Root would believe the key in the settings of the service, and run what it signed.
  symlinkSync('/etc/passwd', join(data, 'tintype.db'));
  expect(foreignOwner(data)).toEqual({ uid: SERVICE, gid: SERVICE });
  chownSync(data, 0, 0);
  expect(foreignOwner(data)).toBeNull();
});

test('T129: what is cleared away after an update is the staged file, whatever the record names', () => {
  const victim = file('victim');
  const staged = file('.tintype.next');
  record({ staged: victim });
  failUpdate(data, 'It was cut short.', 1);
  record({});
  failUpdate(data, 'It was cut short.', 1);
  expect([existsSync(victim), existsSync(staged)]).toEqual([true, false]);
});

test('T129: a record sends nobody on to an executable of another place', () => {
  const own = file('tintype');
  const evil = file('evil');
  file('evil.previous', 'evil');
  const to = { version: '1.1.0', sha256: hashExecutable(own) ?? '' };
  for (const phase of ['returned', 'swapped'] as const) {
    record({ phase, to, executable: evil, starts: 9 });
    expect(settleStart(data, 1, own)).toEqual({ kind: 'none' });
  }
  file('tintype.previous', 'the one before');
  record({ phase: 'returned', to });
  expect(settleStart(data, 1, own)).toEqual({ kind: 'become', executable: `${own}.previous` });
});

test('T129: what the worker of an update says moves no cursor and paints nothing', () => {
  expect(printable('Done.\u001b[2J\r\u202eevil\nroot#')).toBe(
    'Done.\uFFFD[2J\uFFFD\uFFFDevil\nroot#',
  );
});

test('T120: a lock is not taken through a link', () => {
  const precious = file('precious', 'do not touch');
  symlinkSync(precious, join(data, 'lock'));
  expect(() => takeLock(join(data, 'lock'))).toThrow();
  expect(Bun.file(precious).size).toBe(12);
});
