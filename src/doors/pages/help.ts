import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { showPage } from '#doors/http/html.ts';
import { keepForStrangers } from './stranger-cache.ts';

/** `/help`: how this place works. */
export const help = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.help' })
    .use(authPlugin(ctx))
    .get(
      '/help',
      ({ request, caller }) =>
        keepForStrangers(ctx, request, caller, () =>
          showPage(
            ctx,
            request,
            { page: 'help', title: 'How this place works', props: {}, head: {} },
            { cache: 'public', caller },
          ),
        ),
      { caller: true, parse: 'none' },
    );
