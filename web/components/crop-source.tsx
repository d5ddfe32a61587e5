import { useEffect, useState } from 'preact/hooks';
import type { Composer } from '#web/client/composer.ts';
import { CropDialog } from './crop-dialog.tsx';

async function decode(file: Blob | null): Promise<ImageBitmap | null> {
  if (file === null) return null;
  try {
    return await createImageBitmap(file);
  } catch {
    // HEIC: this browser cannot show it, the server's picture can be used.
    return null;
  }
}

async function fetchBitmap(address: string | null): Promise<ImageBitmap | null> {
  if (address === null) return null;
  try {
    const response = await fetch(address, { credentials: 'same-origin' });
    return response.ok ? await decode(await response.blob()) : null;
  } catch {
    return null;
  }
}

/** Finds the uncut picture for the crop dialog: the chosen file, or the server's after its edits are undone. */
export function CropSource({
  composer,
  photoKey,
  onClose,
}: {
  composer: Composer;
  photoKey: string;
  onClose: () => void;
}) {
  const [image, setImage] = useState<ImageBitmap | null>(null);
  const photo = composer.draft().photos.find((one) => one.key === photoKey);
  const [before] = useState(photo);
  useEffect(() => {
    const find = async () => {
      const local = await decode(await composer.file(photoKey));
      if (local !== null) return setImage(local);
      if (before && (before.turn !== 0 || before.crop !== null)) {
        await composer.edit(photoKey, 0, null);
      }
      const now = composer.draft().photos.find((one) => one.key === photoKey);
      const served = await fetchBitmap(now?.preview ?? null);
      if (served === null) onClose();
      else setImage(served);
    };
    void find();
  }, [composer, photoKey, before, onClose]);
  if (image === null || !photo || !before) return null;
  const close = () => {
    // Edits that were undone to see the whole picture come back when the dialog is left.
    const changed = photo.turn !== before.turn || photo.crop !== before.crop;
    if (changed) void composer.edit(photoKey, before.turn, before.crop);
    onClose();
  };
  return (
    <CropDialog
      image={image}
      turn={before.turn}
      crop={before.crop}
      onApply={(turn, crop) => {
        onClose();
        void composer.edit(photoKey, turn, crop);
      }}
      onClose={close}
    />
  );
}
