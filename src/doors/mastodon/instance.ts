import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { escapeHtml } from '#base/core/html.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readVapid } from '#domain/notify/vapid.ts';
import { listRules } from '#domain/policy/queries.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { readSetting } from '#domain/settings.ts';
import { type InstanceFacts, instanceV1Json, instanceV2Json } from '#doors/entities/instance.ts';
import { readUsage } from '#doors/federation/wellknown/read-usage.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { notFound } from '#doors/http/errors.ts';
import { countHosts } from './instance-queries.ts';

/** What this place is and what it can do (docs.joinmastodon.org/methods/instance). */
export const instance = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.instance' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/instance',
      ({ viewer }) => Response.json(instanceV1Json(ctx, factsFor(ctx, viewer))),
      anybody(),
    )
    .get(
      '/api/v2/instance',
      ({ viewer }) => Response.json(instanceV2Json(ctx, factsFor(ctx, viewer))),
      anybody(),
    )
    .get(
      '/api/v1/instance/rules',
      ({ viewer }) => Response.json(instanceV2Json(ctx, factsFor(ctx, viewer)).rules),
      anybody(),
    )
    .get(
      '/api/v1/instance/extended_description',
      () => {
        const text = readSetting(ctx, 'instance.description');
        const content = text === '' ? '' : `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`;
        return Response.json({ updated_at: null, content });
      },
      anybody(),
    )
    .get('/api/v1/instance/privacy_policy', missing, anybody())
    .get('/api/v1/instance/terms_of_service', missing, anybody())
    // Whom this server speaks with is between it and them; Mastodon lets its owners say so, too.
    .get('/api/v1/instance/peers', () => Response.json([]), anybody())
    .get('/api/v1/instance/activity', () => Response.json([]), anybody())
    .get('/api/v1/instance/translation_languages', () => Response.json({}), anybody())
    .get('/api/v1/instance/domain_blocks', () => Response.json(blocksJson(ctx)), {
      signedIn: true,
      parse: 'none',
    });

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const anybody = () => ({ caller: true, parse: 'none' }) as const;

function missing({ request }: { request: Request }): never {
  throw notFound(request);
}

function factsFor(ctx: Context, viewer: Viewer | null): InstanceFacts {
  const open = viewer !== null || !isClosed(ctx);
  const usage = readUsage(ctx);
  return {
    users: open ? usage.total : 0,
    activeMonth: open ? usage.activeMonth : 0,
    posts: open ? usage.posts : 0,
    domains: open ? countHosts(ctx.db) : 0,
    vapidKey: readVapid(ctx).publicKey,
    open,
  };
}

/** Members see which servers their own speaks with less, or not at all, and why. */
function blocksJson(ctx: Context) {
  return listRules(ctx.db).flatMap(({ domain, rule, reason }) =>
    rule === 'allow'
      ? []
      : [
          {
            domain,
            digest: new Bun.CryptoHasher('sha256').update(domain).digest('hex'),
            severity: rule === 'block' ? 'suspend' : 'silence',
            comment: reason,
          },
        ],
  );
}
