import * as v from 'valibot';
import { isVersion } from '#base/core/versions.ts';

const version = v.pipe(v.string(), v.check(isVersion, 'It is no version.'));
const moment = v.pipe(v.string(), v.isoTimestamp());

/**
 * What is told of a release, format 1: `release.json`, with the base64 of an Ed25519 signature (RFC
 * 8032) over its exact bytes in `release.json.sig` beside it. Fields are only ever added: versions
 * that are installed today read what is written in years.
 */
export const releaseManifest = v.object({
  format: v.literal(1),
  // A signature of the same key over something else is no release.
  product: v.literal('tintype'),
  version,
  date: moment,
  /** After this moment it is not believed any more that there is nothing newer. */
  expires: moment,
  /** The oldest version that can be updated to this one at once. */
  from: version,
  /** For people, plain text. */
  notes: v.pipe(v.string(), v.maxLength(20_000)),
  files: v.pipe(
    v.array(
      v.object({
        /** `linux-x64` */
        platform: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
        /** Beside the manifest. */
        name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.-]{0,100}$/)),
        bytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000_000)),
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      }),
    ),
    v.minLength(1),
    v.maxLength(50),
  ),
});

export type ReleaseManifest = v.InferOutput<typeof releaseManifest>;
export type ReleaseFile = ReleaseManifest['files'][number];
