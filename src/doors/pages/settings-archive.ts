import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import {
  askArchive,
  dropArchive,
  findReadyExport,
  scheduleArchive,
} from '#doors/archive/exports.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { respondFile } from '#doors/http/media-response.ts';
import { archive as words } from '#web/text/archive.ts';
import { formSwitch } from './form-fields.ts';
import { demandSession } from './session-only.ts';
import { showSettings, showSettingsAgain } from './settings-view.ts';

const schema = v.object({ renditions: formSwitch() });
const HERE = '/settings/archive';

/** What can be done, by the end of the address; each answers what is told afterwards. */
const ACTS: Readonly<
  Record<string, (ctx: Context, accountId: number, options: { renditions: boolean }) => string>
> = {
  '': (ctx, accountId, options) => {
    askArchive(ctx, accountId, options);
    return words.started;
  },
  '/monthly': (ctx, accountId, options) => {
    scheduleArchive(ctx, accountId, options);
    return words.scheduled;
  },
  '/never': (ctx, accountId) => {
    scheduleArchive(ctx, accountId, null);
    return words.unscheduled;
  },
};

/** `/settings/archive`: everything of a person, to be made, fetched and removed by that person alone. */
export const settingsArchive = (ctx: Context): AnyElysia => {
  let door: AnyElysia = new Elysia({ name: 'pages.settings-archive' })
    .use(authPlugin(ctx))
    .get(HERE, ({ request, caller }) => showSettings(ctx, request, caller, 'archive'), {
      signedIn: true,
      parse: 'none',
    })
    .get(
      `${HERE}/:id/download`,
      ({ request, params, caller }) => download(ctx, request, caller, params.id),
      { signedIn: true, parse: 'none' },
    )
    .post(
      `${HERE}/:id/remove`,
      ({ request, params, caller }) => {
        demandSession(caller);
        const id = parseId(params.id);
        if (id === null) throw notFound(request);
        dropArchive(ctx, caller.viewer.id, id);
        return redirectTo(ctx, request, HERE, { kind: 'done', text: words.removed });
      },
      { signedIn: true, parse: 'none' },
    );
  for (const [end, act] of Object.entries(ACTS)) {
    door = door.post(
      `${HERE}${end}`,
      async ({ request, caller }) => {
        demandSession(caller);
        try {
          const { renditions } = v.parse(schema, await readBody(request));
          const text = act(ctx, caller.viewer.id, { renditions });
          return redirectTo(ctx, request, HERE, { kind: 'done', text });
        } catch (error) {
          return await showSettingsAgain(ctx, request, caller, 'archive', error);
        }
      },
      { signedIn: true, parse: 'none' },
    );
  }
  return door;
};

/**
 * The file, whole or in parts, for its owner's session alone (T119). The address is of no use to
 * anybody else, nothing keeps the answer, and the validator is of this very file.
 */
function download(ctx: Context, request: Request, caller: SignedInCaller, text: string): Response {
  demandSession(caller);
  const id = parseId(text);
  if (id === null) throw notFound(request);
  const { row, path } = findReadyExport(ctx, caller.viewer.id, id);
  const day = new Date(row.finishedAt).toISOString().slice(0, 10);
  const headers = new Headers({
    etag: `"archive-${row.id}-${row.finishedAt}-${row.bytes}"`,
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="tintype-${caller.viewer.username}-${day}.zip"`,
    'cache-control': 'private, no-store',
    'accept-ranges': 'bytes',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    vary: 'Cookie',
  });
  return respondFile(request, { blob: row, path }, headers);
}
