import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  addTurn,
  type Corner,
  centreCrop,
  cropText,
  leastSide,
  moveCrop,
  resizeCrop,
  tidyCrop,
  turnCrop,
} from '#web/client/crop.ts';
import type { Crop } from '#web/client/draft.ts';
import { fitSize, holdView, zoomView } from '#web/client/zoom.ts';

const part = fc.double({ min: 0, max: 1, noNaN: true });
const crops = fc.tuple(part, part, part, part).map(([a, b, c, d]): Crop => {
  const width = leastSide + a * (1 - leastSide);
  const height = leastSide + b * (1 - leastSide);
  return { x: c * (1 - width), y: d * (1 - height), width, height };
});
const steps = fc.double({ min: -2, max: 2, noNaN: true });
const corners = fc.constantFrom<Corner>('nw', 'ne', 'sw', 'se');

function expectInside(crop: Crop): void {
  expect(crop.x).toBeGreaterThanOrEqual(-1e-9);
  expect(crop.y).toBeGreaterThanOrEqual(-1e-9);
  expect(crop.x + crop.width).toBeLessThanOrEqual(1 + 1e-9);
  expect(crop.y + crop.height).toBeLessThanOrEqual(1 + 1e-9);
}

describe('a crop', () => {
  test('never leaves the picture, however it is moved or resized', () => {
    fc.assert(
      fc.property(crops, corners, steps, steps, (crop, corner, dx, dy) => {
        const moved = moveCrop(crop, dx, dy);
        expectInside(moved);
        expect(moved.width).toBe(crop.width);
        const resized = resizeCrop(crop, corner, dx, dy, null);
        expectInside(resized);
        expect(Math.min(resized.width, resized.height)).toBeGreaterThanOrEqual(leastSide - 1e-9);
      }),
    );
  });

  test('keeps its shape and the opposite corner when one corner is dragged', () => {
    const square = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
    const smaller = resizeCrop(square, 'se', -0.2, 0.3, 1);
    expect(smaller.x).toBe(0.25);
    expect(smaller.y).toBe(0.25);
    expect(smaller.width).toBeCloseTo(smaller.height);
    const other = resizeCrop(square, 'nw', 0.1, 0.4, 1);
    expect(other.x + other.width).toBeCloseTo(0.75);
    expect(other.y + other.height).toBeCloseTo(0.75);
  });

  test('shows the same part of the picture after four quarter turns', () => {
    fc.assert(
      fc.property(crops, (crop) => {
        const around = turnCrop(turnCrop(turnCrop(turnCrop(crop))));
        expect(around.x).toBeCloseTo(crop.x);
        expect(around.y).toBeCloseTo(crop.y);
        expectInside(turnCrop(crop));
      }),
    );
    expect(turnCrop({ x: 0, y: 0, width: 0.5, height: 0.2 })).toEqual({
      x: 0.8,
      y: 0,
      width: 0.2,
      height: 0.5,
    });
  });

  test('is the largest of its shape around the middle', () => {
    expect(centreCrop(0.5)).toEqual({ x: 0.25, y: 0, width: 0.5, height: 1 });
    expect(centreCrop(2)).toEqual({ x: 0, y: 0.25, width: 1, height: 0.5 });
    expect(centreCrop(null)).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });

  test('is written as the server reads it, and nothing when it cuts nothing', () => {
    expect(tidyCrop({ x: 0, y: 0, width: 1, height: 0.999 })).toBeNull();
    expect(cropText(tidyCrop({ x: 1 / 3, y: 0, width: 0.5, height: 1 }))).toBe('0.3333,0,0.5,1');
    expect(cropText(null)).toBe('');
    expect(addTurn(270, 90)).toBe(0);
    expect(addTurn(0, -90)).toBe(270);
  });
});

describe('zooming', () => {
  const stage = { width: 1000, height: 800 };

  test('keeps what lies under the finger where it is', () => {
    const shown = fitSize({ width: 4000, height: 3200 }, stage);
    const view = zoomView({ scale: 1, x: 0, y: 0 }, 2, { x: 100, y: -50 }, shown, stage, 8);
    expect(view).toEqual({ scale: 2, x: -100, y: 50 });
  });

  test('never goes out further than the whole photo, nor in without end', () => {
    const shown = { width: 1000, height: 500 };
    const middle = { x: 0, y: 0 };
    expect(zoomView({ scale: 2, x: 90, y: 0 }, 0.1, middle, shown, stage, 4)).toEqual({
      scale: 1,
      x: 0,
      y: 0,
    });
    expect(zoomView({ scale: 2, x: 0, y: 0 }, 100, middle, shown, stage, 4).scale).toBe(4);
  });

  test('a photo that is dragged stays over the stage', () => {
    const shown = { width: 1000, height: 500 };
    expect(holdView({ scale: 2, x: 9999, y: -9999 }, shown, stage)).toEqual({
      scale: 2,
      x: 500,
      y: -100,
    });
  });
});
