// The part of a trace that is looked at: zoom and pan that never leave the trace.

export type TimeWindow = {readonly from: number; readonly to: number};

/** Closer than this nothing can be told apart. */
export const WINDOW_NS_MIN = 10;

export function clampWindow(from: number, to: number, durationNs: number): TimeWindow {
  const whole = Math.max(durationNs, WINDOW_NS_MIN);
  const size = Math.min(whole, Math.max(WINDOW_NS_MIN, Math.abs(to - from)));
  const start = Math.min(Math.max(0, Math.min(from, to)), whole - size);
  return {from: start, to: start + size};
}

/** `factor` below 1 zooms in; the time at `anchor` stays where it is. */
export function zoomWindow(window: TimeWindow, factor: number, anchor: number, durationNs: number): TimeWindow {
  const size = (window.to - window.from) * factor;
  const share = (anchor - window.from) / Math.max(1e-9, window.to - window.from);
  const from = anchor - share * size;
  return clampWindow(from, from + size, durationNs);
}

export function panWindow(window: TimeWindow, share: number, durationNs: number): TimeWindow {
  const by = (window.to - window.from) * share;
  const size = window.to - window.from;
  const from = Math.min(Math.max(0, window.from + by), Math.max(0, durationNs - size));
  return clampWindow(from, from + size, durationNs);
}

export function isWhole(window: TimeWindow, durationNs: number): boolean {
  return window.from <= 0 && window.to >= durationNs;
}
