import type { CommandOutput } from '#app/admin/commands.ts';
import { moment, table } from './table.ts';

/** What waits to be sent and what was given up, as an operator reads it. */
export function describeDeliveries(answer: CommandOutput<'jobs.deliveries'>): string {
  const { counts, hosts, deliveries } = answer;
  const lines = [
    `${counts.delivered} delivered, ${counts.waiting} waiting, ${counts.given_up} given up.`,
  ];
  if (hosts.length > 0) {
    const rows = hosts.map((each) => [
      each.host,
      each.failures,
      moment(each.failingSince),
      moment(each.retryAt),
    ]);
    lines.push('', table(['server that fails', 'times', 'since', 'next try'], rows));
  }
  if (deliveries.length > 0) {
    const rows = deliveries.map((each) => [
      each.host,
      each.type,
      each.state === 'given_up' ? 'given up' : each.state,
      each.attempts,
      moment(each.nextAt),
      each.lastError ?? '',
    ]);
    lines.push('', table(['server', 'what', 'state', 'tries', 'due', 'last error'], rows));
  }
  return lines.join('\n');
}
