import type { ErrorKind } from '#base/core/errors.ts';

/** The HTTP status of every kind of error, and the title of its page. */
export const errorStatuses: Readonly<Record<ErrorKind, { status: number; title: string }>> = {
  bad_request: { status: 400, title: 'That request makes no sense' },
  unauthorized: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not here' },
  conflict: { status: 409, title: 'That does not fit' },
  gone: { status: 410, title: 'Gone' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_type: { status: 415, title: 'Unknown kind of data' },
  invalid: { status: 422, title: 'Something is missing' },
  too_many: { status: 429, title: 'Too fast' },
  unavailable: { status: 503, title: 'Not possible right now' },
  out_of_space: { status: 507, title: 'No space left' },
};
