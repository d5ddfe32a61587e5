import { createAdmin } from './admin.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';
import { moment } from './table.ts';

/** `tintype setup-link`: a fresh one-time link with which the owner is made. */
export async function run(argv: string[]): Promise<number> {
  const { flags, values } = readArguments(argv, { options: { json: { type: 'boolean' } } });
  const link = await createAdmin(readConfig(flags))('setup.link', {});
  if (values.json === true) console.log(JSON.stringify(link));
  else console.log(`${link.url}\n(works once, until ${moment(link.expiresAt)})`);
  return 0;
}
