import type { Context } from '#base/context.ts';
import { readSetting } from '#domain/settings.ts';

/** The rules of this place, one an entry. */
export function houseRules(ctx: Pick<Context, 'config' | 'db'>): string[] {
  return readSetting(ctx, 'instance.rules')
    .split('\n')
    .map((rule) => rule.trim())
    .filter((rule) => rule !== '');
}
