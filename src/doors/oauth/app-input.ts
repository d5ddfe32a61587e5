import * as v from 'valibot';
import { listField, textField } from '#doors/http/fields.ts';

/** One text or a list of them, each again separated by spaces or lines, as apps like to send it. */
const words = (most: number) =>
  v.pipe(
    listField(textField(20_000), most),
    v.transform((texts) =>
      texts.flatMap((text) => text.split(/\s+/)).filter((text) => text !== ''),
    ),
  );

/** What an app says of itself: `POST /api/v1/apps`. */
export const appSchema = v.object({
  client_name: v.pipe(textField(500), v.nonEmpty('must not be empty')),
  redirect_uris: words(50),
  scopes: v.optional(words(100)),
  website: v.nullish(textField(5000), ''),
});
