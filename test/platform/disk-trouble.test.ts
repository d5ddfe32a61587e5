import { expect, test } from 'bun:test';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';

const failure = (code: string, path?: string) =>
  Object.assign(
    new Error(`${code}: something, write`),
    { code },
    path === undefined ? {} : { path },
  );

test('what the system says of a disk becomes one sentence with the path and what to do', () => {
  const told = (code: string) => asDiskTrouble(failure(code, '/data/lock'))?.message ?? '';
  expect(told('ENOSPC')).toContain('no room left for /data/lock. Make room');
  expect(told('SQLITE_FULL')).toContain('no room left');
  expect(told('EROFS')).toContain('its disk is read-only');
  expect(told('SQLITE_READONLY_DBMOVED')).toContain('its disk is read-only');
  expect(told('EFBIG')).toContain('files may not become that large');
  expect(told('SQLITE_IOERR_SHMSIZE')).toContain('it is failing');
  expect(told('EACCES')).toContain('the user to whom');
  for (const code of ['ENOSPC', 'EROFS', 'EIO', 'EPERM']) {
    expect(told(code)).toMatch(/^[^\n]*\.$/);
    expect(told(code)).not.toContain(code);
  }
  expect(asDiskTrouble(failure('ENOSPC'), 'the database')?.message).toContain('for the database.');
});

test('other errors are nothing of a disk', () => {
  expect(asDiskTrouble(failure('ECONNREFUSED'))).toBeNull();
  expect(asDiskTrouble(new Error('ENOSPC'))).toBeNull();
  expect(asDiskTrouble(new AppError('conflict', 'No.'))).toBeNull();
  expect(asDiskTrouble('EIO')).toBeNull();
});
