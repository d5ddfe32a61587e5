import { expect, test } from 'bun:test';
import { createLog } from '#base/platform/log.ts';

test('T82: nothing that comes from outside moves the cursor of whoever reads the log', () => {
  const lines: string[] = [];
  const log = createLog('info', (line) => lines.push(line));
  const odd = 'a\u001b[2J\u009b2J\u0085b\u202egnp.exe\u2066\r\n2026 ERROR faked';
  log.info(`From ${odd}`, { host: odd, error: new Error(odd), more: { odd } });
  const [line = ''] = lines;
  expect(lines).toHaveLength(1);
  expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
  expect(line).toContain('host="a\\u001b[2J\\u009b2J\\u0085b\\u202egnp.exe');
});
