import type { Context } from '#base/context.ts';
import type { CronEntry } from '#base/jobs/cron.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';
import { proxyFacts } from '#doors/http/proxy-facts.ts';

/** Tells admins what is wrong about the proxy in front, and takes it back once it is mended. */
export const tellOfProxies: CronEntry = {
  name: 'proxies.look',
  schedule: '*/20 * * * *',
  help: 'tells admins when the proxy in front is set up wrongly',
  run: (ctx: Context) => {
    const facts = proxyFacts(ctx);
    if (facts.length === 0) {
      clearBanner(ctx, 'proxy');
      return 'nothing is wrong';
    }
    const text = facts.map(({ sentence, advice }) => `${sentence} ${advice}`).join('\n');
    tellAdmins(ctx, { key: 'proxy', subject: 'The proxy is set up wrongly', text });
    return text;
  },
};
