import type { JsonObject } from '#base/core/json.ts';
import type { CameraFacts } from '#base/platform/images/contract.ts';
import type { Preferences } from '#domain/accounts/preferences.ts';

/**
 * Camera data as FEP-ee3a wants it: Exif names, values as text. Only what the author chose to show;
 * facts never have a position or a serial number.
 */
export function exifData(facts: CameraFacts, shown: Preferences): JsonObject[] {
  const list: JsonObject[] = [];
  const add = (show: boolean, name: string, value: string | undefined) => {
    if (show && value) list.push({ '@type': 'PropertyValue', name, value });
  };
  const number = (value: number | undefined, text: (rounded: string) => string = String) =>
    value !== undefined && value > 0 ? text(String(Math.round(value * 100) / 100)) : undefined;
  add(shown.showCamera, 'Make', facts.make);
  add(shown.showCamera, 'Model', facts.model);
  add(shown.showLens, 'LensModel', facts.lens);
  add(
    shown.showFocalLength,
    'FocalLength',
    number(facts.focalLength, (mm) => `${mm} mm`),
  );
  add(shown.showFocalLength, 'FocalLengthIn35mmFilm', number(facts.focalLength35));
  add(
    shown.showAperture,
    'FNumber',
    number(facts.aperture, (f) => `f/${f}`),
  );
  add(shown.showExposure, 'ExposureTime', exposure(facts.exposure));
  add(shown.showIso, 'PhotographicSensitivity', number(facts.iso));
  add(shown.showTakenAt, 'DateTime', taken(facts.takenAt));
  return list;
}

/** `1/200` below a third of a second, seconds above. */
function exposure(seconds: number | undefined): string | undefined {
  if (seconds === undefined || seconds <= 0) return undefined;
  return seconds < 0.3 ? `1/${Math.round(1 / seconds)}` : String(Math.round(seconds * 10) / 10);
}

/** Exif writes `2025:02:27 17:38:49`, on the clock of the camera. */
function taken(iso: string | undefined): string | undefined {
  const [, year, month, day, time] =
    /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})/.exec(iso ?? '') ?? [];
  return time === undefined ? undefined : `${year}:${month}:${day} ${time}`;
}
