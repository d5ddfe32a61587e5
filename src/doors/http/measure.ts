import type { Metrics } from '#base/platform/metrics.ts';
import { isAssetPath } from './assets.ts';
import type { RequestFacts } from './request-facts.ts';
import { isApiPath, isInboxPath, isMediaPath } from './surface.ts';

const OTHER_CLASSES: readonly [start: string, name: string][] = [
  ['/users/', 'federation'],
  ['/actor', 'federation'],
  ['/oauth/', 'oauth'],
  ['/admin', 'admin'],
  ['/livez', 'health'],
  ['/readyz', 'health'],
  ['/metrics', 'health'],
];

/** Counts an answer and the time that it took by the class of its address: never the address itself. */
export function measureRequest(
  metrics: Metrics,
  facts: RequestFacts,
  path: string,
  status: number,
): void {
  const labels = { class: classOf(path) };
  metrics.count('tintype_http_requests_total', { ...labels, status });
  const took = performance.now() - facts.startedAt;
  metrics.time('tintype_http_request_seconds', labels, took);
}

function classOf(path: string): string {
  if (isMediaPath(path)) return 'media';
  if (isAssetPath(path)) return 'asset';
  if (path.startsWith('/api/v1/streaming')) return 'stream';
  if (path.startsWith('/.well-known/') || path.startsWith('/nodeinfo/')) return 'federation';
  if (isInboxPath(path)) return 'inbox';
  if (isApiPath(path)) return 'api';
  return OTHER_CLASSES.find(([start]) => path.startsWith(start))?.[1] ?? 'page';
}
