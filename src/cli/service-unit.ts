/** What decides the text of the unit. */
export type UnitFacts = {
  executable: string;
  /** What follows `serve`, without `--data`. */
  args: readonly string[];
  user: string;
  data: string;
  /** Further places that may be written to: backups on another disk. */
  writable: readonly string[];
  /** Whether a port below 1024 is opened. */
  lowPorts: boolean;
};

/**
 * The systemd unit: a user of its own who may write nothing but the data directory, and no rights but
 * that to ports below 1024, where they are needed.
 */
export function serviceUnit(facts: UnitFacts): string {
  const { user, data, writable, lowPorts } = facts;
  const command = [facts.executable, 'serve', ...facts.args, '--data', data].map(quote).join(' ');
  const inHome = [data, ...writable].some((path) =>
    /^\/(?:home|root|run\/user)(?:\/|$)/.test(path),
  );
  const right = lowPorts ? 'CAP_NET_BIND_SERVICE' : '';
  return `# Written by "tintype service install", which writes it anew; changes of your own belong into
# "systemctl edit tintype".
[Unit]
Description=Tintype, a photo-sharing server
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
User=${user}
Group=${user}
ExecStart=${command}
Restart=always
RestartSec=5
# Uploads under way are finished; the server itself needs ten seconds at most.
TimeoutStopSec=30
KillMode=mixed

# A picture that needs too much memory costs its upload and not the server.
MemoryHigh=70%
MemoryMax=80%
OOMPolicy=continue
TasksMax=512
LimitNOFILE=65536

# The one right it has, if any, and no way to more.
AmbientCapabilities=${right}
CapabilityBoundingSet=${right}
NoNewPrivileges=yes
RestrictSUIDSGID=yes
${lowPorts ? '# A right to low ports does not count in a user namespace: no PrivateUsers.' : 'PrivateUsers=yes'}

# It reads what everybody may read, and writes its data alone.
UMask=0077
ProtectSystem=strict
ReadWritePaths=${[data, ...writable.map((path) => `-${path}`)].map(quote).join(' ')}
ProtectHome=${inHome ? 'read-only' : 'yes'}
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
LockPersonality=yes
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
# The network, the admin socket, and asking the kernel for the addresses of this machine.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
# MemoryDenyWriteExecute cannot be on: JavaScript is compiled while it runs, into memory that is
# written and then executed, and the decoder of pictures is loaded from the executable.

[Install]
WantedBy=multi-user.target
`;
}

/** A word of a unit's line (systemd.syntax(7)): quoted where it has to be, and nothing in it is expanded. */
function quote(word: string): string {
  const plain = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  if (/^[A-Za-z0-9_@%+=:,./$-]+$/.test(plain)) return plain;
  return `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
