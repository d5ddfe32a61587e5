import type { Context } from '#base/context.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';

const DAY = 24 * 3_600_000;
// Before that there are many more tries, and most troubles of an authority end by themselves.
const WORTH_A_WORD = 14 * DAY;

/** Tells admins that the certificate is not renewed while there is time to mend it, and takes it back afterwards. */
export function tellOfCertificate(
  ctx: Context,
  problem: string | null,
  notAfter: number | null,
): void {
  if (problem === null) {
    clearBanner(ctx, 'https.certificate');
    return;
  }
  const left = (notAfter ?? 0) - ctx.now();
  if (left > WORTH_A_WORD) return;
  const subject =
    notAfter === null || left <= 0
      ? 'There is no certificate for https'
      : `The certificate for https ends in ${Math.ceil(left / DAY)} days`;
  tellAdmins(ctx, { key: 'https.certificate', subject, text: problem });
}
