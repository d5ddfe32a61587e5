import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { findOwner } from '#domain/accounts/queries.ts';
import { countInstance } from '#domain/posts/queries.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { readSetting } from '#domain/settings.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { houseRules } from '#doors/entities/house-rules.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { showPage } from '#doors/http/html.ts';
import { keepForStrangers } from './stranger-cache.ts';

/** `/about`: what this place is, who runs it, and its rules. */
export const about = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.about' }).use(authPlugin(ctx)).get(
    '/about',
    ({ request, caller, viewer }) =>
      keepForStrangers(ctx, request, caller, () => {
        const owner = findOwner(ctx.db);
        const shown = owner && canSeeAccount(owner, viewer, isClosed(ctx)) ? [owner] : [];
        const props = {
          ...countInstance(ctx.db),
          contact: accountsJson(ctx, shown)[0] ?? null,
          rules: houseRules(ctx),
        };
        const title = `About ${readSetting(ctx, 'instance.name')}`;
        const head = { description: readSetting(ctx, 'instance.description') };
        return showPage(
          ctx,
          request,
          { page: 'about', title, props, head },
          { cache: 'public', caller },
        );
      }),
    { caller: true, parse: 'none' },
  );
