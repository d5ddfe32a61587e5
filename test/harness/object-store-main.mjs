// A store that speaks S3, for `object-store.ts`: its folder and its buckets are named on the command
// line; it says its port and lives as long as its standard input is open. Lists beyond one page are
// nothing for it: it marks pages with a cipher that is no longer known.
import S3rver from 's3rver';

const [directory, ...buckets] = process.argv.slice(2);
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  configureBuckets: buckets.map((name) => ({ name, configs: [] })),
});
const { port } = await server.run();
process.stdout.write(`${port}\n`);
process.stdin.on('end', () => process.exit(0)).resume();
