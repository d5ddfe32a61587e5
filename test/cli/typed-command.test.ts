import { expect, test } from 'bun:test';
import { typedCommand } from '#cli/typed-command.ts';

test('a command that is printed can be copied: with the path of the program, and the data only where needed', () => {
  expect(typedCommand('setup-link', './tintype-data')).toBe('bun src/main.ts setup-link');
  expect(typedCommand('setup-link', `${process.cwd()}/tintype-data/`)).toBe(
    'bun src/main.ts setup-link',
  );
  expect(typedCommand('setup-link', '/srv/photos')).toEndWith(' setup-link --data /srv/photos');
  expect(typedCommand('setup-link', "/srv/ann's photos")).toEndWith(
    ` --data '/srv/ann'\\''s photos'`,
  );
});
