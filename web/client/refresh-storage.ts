import { type Box, tell } from './composer-box.ts';

/** Asks the server what is stored by now; many calls at once become two questions at most. */
export async function refreshStorage(box: Box): Promise<void> {
  if (box.asking !== 'no') {
    box.asking = 'again';
    return;
  }
  do {
    box.asking = 'yes';
    const storage = await box.world.readStorage();
    if (storage !== null) box.storage = storage;
    tell(box);
    // Somebody changed it meanwhile.
  } while (askedAgain(box));
  box.asking = 'no';
}

const askedAgain = (box: Box) => box.asking === 'again';
