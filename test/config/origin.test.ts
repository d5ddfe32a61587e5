import { expect, test } from 'bun:test';
import { originOf } from '#domain/origin.ts';
import { testConfig } from '#test/harness/app.ts';

const at = (port: number, origin: string | null = null) =>
  originOf({ ...testConfig('/nowhere'), listen: { host: '127.0.0.1', port }, origin });

test('without a public address it is localhost, written as browsers write it', () => {
  expect(at(8080)).toBe('http://localhost:8080');
  expect(at(80)).toBe('http://localhost');
  expect(at(80, 'https://photos.example.org')).toBe('https://photos.example.org');
});
