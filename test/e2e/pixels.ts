import type { Page } from 'playwright-core';

/**
 * Draws the picture behind an address as this browser shows it and names the colours in the middle of
 * its four quarters, from the upper left, clockwise: `RGBY`; with the colour of its centre and its size.
 */
export function readPixels(
  page: Page,
  address: string,
): Promise<{ quarters: string; centre: number[]; width: number; height: number }> {
  return page.evaluate(async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser draws nothing.');
    context.drawImage(image, 0, 0);
    const at = (x: number, y: number) => [
      ...context.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data,
    ];
    const name = ([red = 0, green = 0, blue = 0]: number[]) => {
      if (red > 160 && green > 160 && blue < 110) return 'Y';
      if (red > 160 && green < 110) return 'R';
      if (green > 140 && red < 110) return 'G';
      return blue > 160 ? 'B' : '?';
    };
    const places: [number, number][] = [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.75, 0.75],
      [0.25, 0.75],
    ];
    const quarters = places.map(([x, y]) => name(at(x, y))).join('');
    return { quarters, centre: at(0.4, 0.4).slice(0, 3), width, height };
  }, address);
}

/** How many pictures the file behind an address holds. */
export function countFrames(page: Page, address: string): Promise<number> {
  return page.evaluate(async (url) => {
    const answer = await fetch(url);
    const type = answer.headers.get('content-type') ?? '';
    const decoder = new ImageDecoder({ data: await answer.arrayBuffer(), type });
    await decoder.tracks.ready;
    return decoder.tracks.selectedTrack?.frameCount ?? 0;
  }, address);
}
