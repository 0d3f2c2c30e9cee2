// A canvas at the screen's own resolution, repainted at most once per frame.

export type Surface = {
  readonly width: number;
  readonly height: number;
  readonly context: CanvasRenderingContext2D;
};

/** Returns the canvas fitted to its box and cleared; null while it has no size. */
export function fitSurface(canvas: HTMLCanvasElement): Surface | null {
  const {clientWidth: width, clientHeight: height} = canvas;
  const context = canvas.getContext('2d');
  if (context === null || width === 0 || height === 0) return null;
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const wide = Math.round(width * ratio);
  const high = Math.round(height * ratio);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return {width, height, context};
}

/** Returns a function that asks for a repaint, and one that stops. */
export function perFrame(paint: () => void): {readonly ask: () => void; readonly stop: () => void} {
  let asked = 0;
  return {
    ask: () => {
      if (asked !== 0) return;
      asked = requestAnimationFrame(() => {
        asked = 0;
        paint();
      });
    },
    stop: () => {
      cancelAnimationFrame(asked);
      asked = 0;
    },
  };
}
