import type { CameraFacts } from '#base/platform/images/contract.ts';
import type { Preferences } from '#domain/accounts/preferences.ts';

type Shown = Pick<
  Preferences,
  | 'showCamera'
  | 'showLens'
  | 'showFocalLength'
  | 'showAperture'
  | 'showExposure'
  | 'showIso'
  | 'showTakenAt'
>;
type Line = { label: string; value: string };

/** Camera facts ready to print; only those that the author chose to show. */
export function cameraLines(facts: CameraFacts, shown: Shown): Line[] {
  const lines: Line[] = [];
  const add = (label: string, value: string | undefined) => {
    if (value !== undefined && value !== '') lines.push({ label, value });
  };
  if (shown.showCamera) add('Camera', cameraName(facts));
  if (shown.showLens) add('Lens', facts.lens);
  if (shown.showFocalLength) add('Focal length', focalLength(facts));
  if (shown.showAperture && facts.aperture) add('Aperture', `f/${trim(facts.aperture)}`);
  if (shown.showExposure && facts.exposure) add('Exposure', exposure(facts.exposure));
  if (shown.showIso && facts.iso) add('ISO', String(facts.iso));
  if (shown.showTakenAt) add('Taken', facts.takenAt?.slice(0, 16).replace('T', ' '));
  return lines;
}

/** Many cameras repeat the maker in the model ("NIKON" + "NIKON D70"). */
function cameraName({ make, model }: CameraFacts): string | undefined {
  if (!make || !model) return model ?? make;
  const word = make.split(' ')[0] ?? make;
  return model.toLowerCase().startsWith(word.toLowerCase()) ? model : `${make} ${model}`;
}

function focalLength({ focalLength: real, focalLength35: equal }: CameraFacts): string | undefined {
  if (real === undefined) return equal === undefined ? undefined : `${trim(equal)} mm (35 mm film)`;
  const film = equal === undefined || equal === real ? '' : ` (${trim(equal)} mm on 35 mm film)`;
  return `${trim(real)} mm${film}`;
}

function exposure(seconds: number): string {
  if (seconds <= 0) return '';
  return seconds < 0.3 ? `1/${Math.round(1 / seconds)} s` : `${trim(seconds)} s`;
}

function trim(value: number): string {
  return String(Math.round(value * 10) / 10);
}
