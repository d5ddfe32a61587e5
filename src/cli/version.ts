import { parseArgs } from 'node:util';
import { buildInfo } from '#base/core/build-info.ts';

/** `tintype version`: which version this is and what it was built for. */
export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { json: { type: 'boolean' } } });
  const target = `${process.platform}-${process.arch}`;
  if (values.json === true) {
    console.log(JSON.stringify({ ...buildInfo, target, bun: Bun.version }));
    return 0;
  }
  const commit = buildInfo.commit === null ? '' : ` (${buildInfo.commit})`;
  console.log(`tintype ${buildInfo.version}${commit} ${target}, Bun ${Bun.version}`);
  return 0;
}
