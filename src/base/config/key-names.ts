/** The flag of a key without its dashes: `upload.max_size` is `upload-max-size`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[._]/g, '-');
}

/** The variable of a key: `upload.max_size` is `TINTYPE_UPLOAD_MAX_SIZE`. */
export function variableOf(key: string): string {
  return `TINTYPE_${key.toUpperCase().replaceAll('.', '_')}`;
}
