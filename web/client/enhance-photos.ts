function ready(image: HTMLImageElement): void {
  image.closest('.photo')?.classList.add('photo-ready');
}

/** Takes the blurred colours away when a photo has arrived, so they do not shine through transparency. */
export function enhancePhotos(): void {
  for (const image of document.querySelectorAll<HTMLImageElement>('.photo-image')) {
    if (image.complete && image.naturalWidth > 0) ready(image);
    else image.addEventListener('load', () => ready(image), { once: true });
  }
}
