import type { Context } from '#base/context.ts';
import { type ProxyMistake, type Sighting, watchProxies } from './proxy-watch.ts';

/** Something wrong about the proxy in front, for the doctor and for admins: what was seen, and what to do. */
export type ProxyFact = { key: ProxyMistake; sentence: string; advice: string };

const HOUR = 3_600_000;

type Words = { least: number; say(seen: Sighting, origin: string): Omit<ProxyFact, 'key'> };

const MISTAKES: Readonly<Record<ProxyMistake, Words>> = {
  untrusted: {
    least: 3,
    say: ({ peer }) => ({
      sentence: `A proxy at ${peer} passes on who is asking (X-Forwarded-For), but it is not among the trusted ones, so all visitors look like one and share one limit of requests.`,
      advice: `If that proxy is yours, start with --trusted-proxies ${peer} (or its range), or set trusted_proxies in tintype.toml.`,
    }),
  },
  no_address: {
    least: 30,
    say: ({ peer }) => ({
      sentence: `Requests come from ${peer} without X-Forwarded-For, so all visitors look like one and share one limit of requests.`,
      advice:
        'Let the proxy send X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;). In a container, the network may hide addresses: run the proxy in the same network.',
    }),
  },
  host: {
    least: 3,
    say: ({ detail }, origin) => ({
      sentence: `The proxy says "Host: ${detail}" instead of ${new URL(origin).host}, which breaks signing in and speaking with other servers.`,
      advice:
        'Let the proxy pass the name on as it was asked for (nginx: proxy_set_header Host $host;).',
    }),
  },
  protocol: {
    least: 3,
    say: (_seen, origin) => ({
      sentence: `People reach the proxy by plain http, although the address is ${origin}.`,
      advice: `Let the proxy send http on to https (nginx: return 308 ${origin}$request_uri;), and X-Forwarded-Proto be what the visitor used.`,
    }),
  },
};

/** What is wrong about the proxy in front of this server, as far as the requests of the last hour show it. */
export function proxyFacts({ config }: Pick<Context, 'config'>): ProxyFact[] {
  const { origin } = config;
  const seen = watchProxies(config)?.sightings();
  if (origin === null || seen === undefined) return [];
  return [...seen].flatMap(([key, sighting]) => {
    const { least, say } = MISTAKES[key];
    if (sighting.count < least || Date.now() - sighting.last > HOUR) return [];
    return [{ key, ...say(sighting, origin) }];
  });
}

/** All of it in one, as the doctor prints it; null where no proxy is expected. */
export function proxySummary(
  server: Pick<Context, 'config'>,
): { level: 'ok' | 'warn'; text: string; advice: string } | null {
  if (watchProxies(server.config) === null) return null;
  const facts = proxyFacts(server);
  if (facts.length === 0)
    return { level: 'ok', text: 'Nothing is wrong with a proxy.', advice: '' };
  const all = (part: 'sentence' | 'advice') => facts.map((fact) => fact[part]).join(' ');
  return { level: 'warn', text: all('sentence'), advice: all('advice') };
}
