import { run } from '#cli/image-worker.ts';

process.exit(await run());
