import { Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { problemResponse } from './problem.ts';
import { requestFacts, requestPath } from './request-facts.ts';
import { isApiPath } from './surface.ts';

/**
 * Catches what routes throw, everywhere: the first plugin of the door, since Elysia's `onError`
 * reaches only what is added after it. Also notes the route's pattern for the log.
 */
export const errorPlugin = (ctx: Context) =>
  new Elysia({ name: 'http.errors' })
    .onTransform({ as: 'global' }, ({ request, route }) => {
      requestFacts(request).route = route;
    })
    .onError({ as: 'global' }, ({ request, error, code }) =>
      problemResponse(ctx, request, asAppError(request, error, code)),
    );

/** Elysia's own errors in the house's words; everything else stays what it is. */
function asAppError(request: Request, error: unknown, code: number | string): unknown {
  if (error instanceof AppError) return error;
  if (code === 'NOT_FOUND') return notFound(request);
  if (code === 'PARSE') return new AppError('bad_request', 'The body could not be read.');
  if (code === 'VALIDATION') return validationError(error);
  return error;
}

/** What a missing thing is called; the same whether it is missing or not to be seen. */
export function notFound(request: Request): AppError {
  const program = isApiPath(requestPath(request));
  return new AppError(
    'not_found',
    program ? 'Record not found' : 'There is nothing at this address.',
  );
}

function validationError(error: unknown): AppError {
  const issue = (error as { valueError?: v.BaseIssue<unknown> }).valueError;
  const path = issue ? v.getDotPath(issue) : null;
  const text = issue?.message ?? 'the input does not fit';
  return new AppError('invalid', `Validation failed: ${path === null ? '' : `${path}: `}${text}`);
}
