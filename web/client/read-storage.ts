import type { StorageMeter } from '#doors/entities/page-types.ts';
import type { CredentialAccountJson } from '#doors/entities/types.ts';
import { callApi } from './api.ts';

/** What the account stores by now; null if the server does not say. */
export async function readStorage(csrf: string): Promise<StorageMeter | null> {
  const path = '/api/v1/accounts/verify_credentials';
  const answer = await callApi<CredentialAccountJson>('GET', path, csrf);
  if (!answer.ok) return null;
  const { used_bytes, quota_bytes, originals_bytes, renditions_bytes } =
    answer.data.tintype.storage;
  return {
    usedBytes: used_bytes,
    quotaBytes: quota_bytes,
    originalsBytes: originals_bytes,
    renditionsBytes: renditions_bytes,
  };
}
