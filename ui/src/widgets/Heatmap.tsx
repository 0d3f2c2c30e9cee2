// Durations over time as a heatmap: drag over it, or use the arrows, to choose a part of it.
import {useEffect, useMemo, useRef, useState} from 'react';
import type {KeyboardEvent, PointerEvent, ReactElement} from 'react';
import {formatCount, formatDuration} from '../base/numbers.ts';
import {paintHeatmap} from '../paint/heatmap.ts';
import type {HeatFrame, HeatGrid} from '../paint/heatmap.ts';
import {currentInk, watchTheme} from '../paint/ink.ts';
import {fitSurface, perFrame} from '../paint/surface.ts';

/** As the API answers it; bounds in milliseconds. */
export type HeatmapData = {
  readonly times: readonly number[];
  readonly interval: number;
  readonly bounds: readonly number[];
  readonly cells: {readonly time: readonly number[]; readonly bucket: readonly number[]; readonly count: readonly number[]};
};

export type HeatmapPart = {readonly fromMs: number; readonly toMs: number; readonly startMs: number; readonly endMs: number};

export function Heatmap({heatmap, does, onChoose}: {readonly heatmap: HeatmapData; readonly does: string; readonly onChoose: (part: HeatmapPart) => void}): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const from = useRef<{column: number; row: number} | null>(null);
  const [frame, setFrame] = useState<HeatFrame | null>(null);
  const grid = useMemo(() => gridOf(heatmap), [heatmap]);

  useEffect(() => {
    const repaint = perFrame(() => {
      const surface = canvas.current && fitSurface(canvas.current);
      if (surface) paintHeatmap(surface, grid, frame, currentInk());
    });
    const observer = new ResizeObserver(repaint.ask);
    if (canvas.current) observer.observe(canvas.current);
    const stop = watchTheme(repaint.ask);
    repaint.ask();
    return () => {
      repaint.stop();
      observer.disconnect();
      stop();
    };
  }, [grid, frame]);

  const cellAt = (event: PointerEvent<HTMLCanvasElement>): {column: number; row: number} => {
    const rect = event.currentTarget.getBoundingClientRect();
    const clamp = (share: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return {column: clamp((event.clientX - rect.left) / rect.width, grid.columns), row: clamp(1 - (event.clientY - rect.top) / rect.height, grid.rows)};
  };
  const choose = (chosen: HeatFrame): void => {
    const [low, high] = [Math.min(chosen.row, chosen.toRow), Math.max(chosen.row, chosen.toRow) + 1];
    const [first, last] = [Math.min(chosen.column, chosen.toColumn), Math.max(chosen.column, chosen.toColumn)];
    const startMs = heatmap.times[first] ?? 0;
    const endMs = (heatmap.times[last] ?? 0) + heatmap.interval;
    setFrame(null);
    onChoose({fromMs: heatmap.bounds[low] ?? 0, toMs: heatmap.bounds[high] ?? Number.POSITIVE_INFINITY, startMs, endMs});
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (step === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    const now = frame ?? {column: grid.columns - 1, row: 0, toColumn: grid.columns - 1, toRow: 0};
    if (step === undefined) {
      choose(now);
      return;
    }
    const column = Math.min(grid.columns - 1, Math.max(0, now.toColumn + (step[0] ?? 0)));
    const row = Math.min(grid.rows - 1, Math.max(0, now.toRow + (step[1] ?? 0)));
    setFrame({column: event.shiftKey ? now.column : column, row: event.shiftKey ? now.row : row, toColumn: column, toRow: row});
  };
  const total = heatmap.cells.count.reduce((sum, count) => sum + count, 0);
  return (
    <figure className="heatmap">
      <div className="heatmap-axis" aria-hidden="true"><span>{formatMs(heatmap.bounds.at(-1) ?? 0)}</span><span>{formatMs(heatmap.bounds[0] ?? 0)}</span></div>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={`Durations over time, ${formatCount(total)} spans. Arrows move, Shift extends, Enter: ${does}. The list below says the same in words.`}
        onKeyDown={onKeyDown}
        onBlur={() => setFrame(null)}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = cellAt(event);
        }}
        onPointerMove={event => {
          const to = cellAt(event);
          const start = from.current ?? to;
          setFrame({column: start.column, row: start.row, toColumn: to.column, toRow: to.row});
        }}
        onPointerUp={event => {
          const to = cellAt(event);
          const start = from.current;
          from.current = null;
          if (start) choose({column: start.column, row: start.row, toColumn: to.column, toRow: to.row});
        }}
        onPointerLeave={() => setFrame(null)}
      />
      <figcaption className="small quiet" aria-live="polite">{frame === null ? `${formatCount(total)} spans by duration; drag to ${does}` : readout(heatmap, frame)}</figcaption>
    </figure>
  );
}

function gridOf(heatmap: HeatmapData): HeatGrid {
  const {time, bucket, count} = heatmap.cells;
  const cells = count.map((each, at) => ({column: time[at] ?? 0, row: bucket[at] ?? 0, count: each}));
  return {columns: heatmap.times.length, rows: Math.max(1, heatmap.bounds.length - 1), cells, most: Math.max(1, ...count)};
}

function readout(heatmap: HeatmapData, frame: HeatFrame): string {
  const [low, high] = [Math.min(frame.row, frame.toRow), Math.max(frame.row, frame.toRow) + 1];
  const [first, last] = [Math.min(frame.column, frame.toColumn), Math.max(frame.column, frame.toColumn)];
  let count = 0;
  for (const [at, each] of heatmap.cells.count.entries()) {
    const column = heatmap.cells.time[at] ?? -1;
    const row = heatmap.cells.bucket[at] ?? -1;
    if (column >= first && column <= last && row >= low && row < high) count += each;
  }
  const clock = isoOf(heatmap.times[first] ?? 0).slice(11, 16);
  return `${formatCount(count)} spans of ${formatMs(heatmap.bounds[low] ?? 0)} to ${formatMs(heatmap.bounds[high] ?? 0)} from ${clock} UTC`;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

function formatMs(ms: number): string {
  return formatDuration(ms * 1e6);
}
