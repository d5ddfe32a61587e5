import type { Config } from '#base/config/config.ts';
import type { Step } from './service-steps.ts';
import { serviceUnit } from './service-unit.ts';

export const SERVICE = 'tintype';
export const UNIT_PATH = `/etc/systemd/system/${SERVICE}.service`;
/** Owned by root: the server cannot change what it runs; `sudo tintype update` can. */
export const EXECUTABLE = '/usr/local/bin/tintype';
export const SERVICE_DATA = '/var/lib/tintype';

/** What an installation depends on. */
export type PlanFacts = {
  config: Pick<Config, 'data' | 'https' | 'listen' | 'backup'>;
  /** What follows `serve`, without `--data`. */
  args: readonly string[];
  user: string;
  userExists: boolean;
  /** The executable that runs now. */
  executable: string;
  /** Whether the service runs already. */
  isActive: boolean;
};

/** Everything that installing changes, in order; doing it twice is doing it once. */
export function planInstall(facts: PlanFacts): Step[] {
  const { config, user } = facts;
  const { https, listen, data } = config;
  const ports =
    https.names.length > 0 ? [https.listen.port, https.redirectListen.port] : [listen.port];
  const unit = serviceUnit({
    executable: EXECUTABLE,
    args: facts.args,
    user,
    data,
    writable: config.backup.to.flatMap((to) => (to.kind === 'directory' ? [to.path] : [])),
    lowPorts: ports.some((port) => port > 0 && port < 1024),
  });
  return [
    ...(facts.userExists ? [] : [makeUser(user, data)]),
    {
      why: `The directory for everything, for ${user} alone.`,
      run: ['install', '-d', '-o', user, '-g', user, '-m', '0700', data],
    },
    ...(facts.executable === EXECUTABLE
      ? []
      : [
          {
            why: 'The executable, where everybody finds it.',
            copy: facts.executable,
            to: EXECUTABLE,
          },
        ]),
    { why: 'The unit.', write: UNIT_PATH, text: unit },
    { why: 'systemd reads it.', run: ['systemctl', 'daemon-reload'] },
    { why: 'It starts with the machine.', run: ['systemctl', 'enable', '--quiet', SERVICE] },
    {
      why: facts.isActive ? 'It starts anew.' : 'It starts now.',
      run: ['systemctl', 'restart', SERVICE],
    },
  ];
}

function makeUser(user: string, data: string): Step {
  return {
    why: 'A user of its own, who cannot sign in.',
    run: [
      ...['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', data],
      ...['--shell', '/usr/sbin/nologin', user],
    ],
  };
}

/** Everything that removing changes; the data and its user stay. */
export function planUninstall(): Step[] {
  return [
    { why: 'The service ends.', run: ['systemctl', 'disable', '--quiet', '--now', SERVICE] },
    { why: 'The unit goes.', remove: UNIT_PATH },
    { why: 'systemd forgets it.', run: ['systemctl', 'daemon-reload'] },
    { why: 'The executable goes.', remove: EXECUTABLE },
  ];
}
