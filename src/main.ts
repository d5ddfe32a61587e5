import { runVerb } from '#cli/run-verb.ts';

process.exit(await runVerb(Bun.argv.slice(2)));
