import { fitSize, fitted, holdView, mostZoom, type Size, type View, zoomView } from './zoom.ts';

type Point = { x: number; y: number };

export type Gestures = {
  /** A new photo, seen whole. */
  reset: (photo: Size) => void;
  zoom: (factor: number) => void;
};

type State = {
  stage: HTMLElement;
  image: HTMLElement;
  photo: Size;
  view: View;
  fingers: Map<number, Point>;
  start: Point | null;
  lastTap: number;
};

const swipeLength = 60;
const tapTime = 300;

function boxOf({ stage, photo }: State) {
  const { width, height, left, top } = stage.getBoundingClientRect();
  const size = { width, height };
  return { size, shown: fitSize(photo, size), left, top };
}

function show(state: State, view: View): void {
  state.view = view;
  state.image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  state.stage.classList.toggle('is-zoomed', view.scale > 1);
}

function zoomAt(state: State, factor: number, at: Point | null): void {
  const { size, shown, left, top } = boxOf(state);
  const point = at
    ? { x: at.x - left - size.width / 2, y: at.y - top - size.height / 2 }
    : { x: 0, y: 0 };
  show(state, zoomView(state.view, factor, point, shown, size, mostZoom(state.photo, shown)));
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

function moveFinger(state: State, event: PointerEvent): void {
  const before = state.fingers.get(event.pointerId);
  if (!before) return;
  const now = { x: event.clientX, y: event.clientY };
  state.fingers.set(event.pointerId, now);
  const [first, second] = [...state.fingers.values()];
  if (first && second) {
    const other = first === now ? second : first;
    zoomAt(state, apart(now, other) / Math.max(1, apart(before, other)), middle(now, other));
    state.start = null;
  } else if (state.view.scale > 1) {
    const { size, shown } = boxOf(state);
    const { scale, x, y } = state.view;
    show(state, holdView({ scale, x: x + now.x - before.x, y: y + now.y - before.y }, shown, size));
    state.start = null;
  }
}

function liftFinger(state: State, event: PointerEvent, step: (by: 1 | -1) => void): void {
  state.fingers.delete(event.pointerId);
  const start = state.start;
  state.start = null;
  if (!start) return;
  const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
  if (Math.abs(dx) > swipeLength && Math.abs(dx) > Math.abs(dy)) {
    step(dx < 0 ? 1 : -1);
    return;
  }
  if (Math.hypot(dx, dy) > 10) return;
  if (event.timeStamp - state.lastTap < tapTime) {
    const point = { x: event.clientX, y: event.clientY };
    if (state.view.scale > 1) show(state, fitted);
    else zoomAt(state, 2.5, point);
    state.lastTap = 0;
  } else state.lastTap = event.timeStamp;
}

/** Wheel, pinch, double tap, dragging and swiping over a photo; `step` asks for the next or the last one. */
export function watchGestures(
  stage: HTMLElement,
  image: HTMLElement,
  photo: Size,
  step: (by: 1 | -1) => void,
): Gestures {
  const state: State = {
    stage,
    image,
    photo,
    view: fitted,
    fingers: new Map(),
    start: null,
    lastTap: 0,
  };
  stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      zoomAt(state, Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );
  stage.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Element && event.target.closest('button, a')) return;
    state.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    state.start = state.fingers.size === 1 ? { x: event.clientX, y: event.clientY } : null;
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', (event) => moveFinger(state, event));
  stage.addEventListener('pointerup', (event) => liftFinger(state, event, step));
  stage.addEventListener('pointercancel', (event) => {
    state.fingers.delete(event.pointerId);
    state.start = null;
  });
  return {
    reset(next) {
      state.photo = next;
      show(state, fitted);
    },
    zoom: (factor) => zoomAt(state, factor, null),
  };
}
