import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { failedForm } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { errorStatuses } from '#doors/http/statuses.ts';
import type { PageContent } from '#doors/render/page-content.ts';

/**
 * Shows a form again after a mistake, at the status of the mistake, with what was typed (the caller
 * leaves passwords out). Errors that were not meant for a person are thrown on.
 */
export async function showFormAgain(
  ctx: Context,
  request: Request,
  error: unknown,
  values: Record<string, string>,
  draw: (form: FormState) => PageContent,
): Promise<Response> {
  const form = failedForm(error, values);
  if (!(error instanceof AppError)) throw error;
  // 401 would ask the browser for HTTP authentication; for a form it is a mistake like others.
  const status = error.kind === 'unauthorized' ? 422 : errorStatuses[error.kind].status;
  const headers: Record<string, string> =
    error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) };
  return await showPage(ctx, request, draw(form), { status, headers });
}
