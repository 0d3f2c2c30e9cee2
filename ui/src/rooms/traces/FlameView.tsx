// The trace as an icicle: every span a box under its parent, on one canvas.
import {useEffect, useMemo, useRef, useState} from 'react';
import type {KeyboardEvent, ReactElement} from 'react';
import {formatDuration} from '../../base/numbers.ts';
import {useStore} from '../../base/store.ts';
import {clampWindow, zoomWindow} from '../../model/time_window.ts';
import {isError, labelOf, wordAt} from '../../model/trace.ts';
import {boxAt, paintBoxes} from '../../paint/boxes.ts';
import type {Boxes, BoxScale} from '../../paint/boxes.ts';
import {currentInk, watchTheme} from '../../paint/ink.ts';
import {fitSurface, perFrame} from '../../paint/surface.ts';
import {TraceAxis} from './TraceAxis.tsx';
import {PAD_LEFT, PAD_RIGHT} from './trace_measures.ts';
import type {TraceView} from './trace_view.ts';

const BOX_HEIGHT = 20;
const WHEEL_ZOOM = 1.15;

export function FlameView({view, selected, onSelect}: {readonly view: TraceView; readonly selected: number; readonly onSelect: (span: number) => void}): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scrolled = useRef(0);
  const [pointed, setPointed] = useState(-1);
  const current = useStore(view.row);
  const span = view.rows.get().span[current] ?? 0;
  const boxes = useMemo(() => boxesOf(view), [view]);
  const scaleOf = (): BoxScale => ({...view.window.get(), scrolled: scrolled.current, boxHeight: BOX_HEIGHT, current: view.currentSpan()});

  useEffect(() => {
    const frame = perFrame(() => {
      const surface = canvas.current && fitSurface(canvas.current);
      if (surface) paintBoxes(surface, boxes, {...view.window.get(), scrolled: scrolled.current, boxHeight: BOX_HEIGHT, current: view.currentSpan()}, currentInk());
    });
    const place = canvas.current;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) {
        const rect = place?.getBoundingClientRect();
        const {from, to} = view.window.get();
        const anchor = from + ((event.clientX - (rect?.left ?? 0)) / Math.max(1, rect?.width ?? 1)) * (to - from);
        view.window.set(before => zoomWindow(before, event.deltaY > 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, anchor, view.trace.durationNs));
      } else {
        scrolled.current = Math.min(boxes.deepest * BOX_HEIGHT, Math.max(0, scrolled.current + event.deltaY));
        frame.ask();
      }
    };
    place?.addEventListener('wheel', onWheel, {passive: false});
    const observer = new ResizeObserver(frame.ask);
    if (place) observer.observe(place);
    const stops = [view.window.subscribe(frame.ask), view.row.subscribe(frame.ask), view.choice.subscribe(frame.ask), watchTheme(frame.ask)];
    frame.ask();
    return () => {
      frame.stop();
      observer.disconnect();
      place?.removeEventListener('wheel', onWheel);
      for (const stop of stops) stop();
    };
  }, [view, boxes, selected]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = neighbour(view, event.key);
    if (next === null) return;
    event.preventDefault();
    if (event.key === 'Enter') onSelect(view.currentSpan());
    else view.reveal(next);
  };
  const at = pointed >= 0 ? pointed : span;
  return (
    <div className="flame">
      <TraceAxis view={view} />
      <canvas
        ref={canvas}
        className="flame-canvas"
        role="application"
        tabIndex={0}
        aria-label={`Icicle of ${view.trace.count} spans. Arrows move, Enter opens. The list view says the same in words.`}
        onKeyDown={onKeyDown}
        onPointerMove={event => setPointed(boxAt(boxes, scaleOf(), event.currentTarget.clientWidth, pointIn(event)))}
        onPointerLeave={() => setPointed(-1)}
        onClick={event => {
          const hit = boxAt(boxes, scaleOf(), event.currentTarget.clientWidth, pointIn(event));
          if (hit < 0) return;
          view.reveal(hit);
          onSelect(hit);
        }}
        onDoubleClick={() => {
          const {trace} = view;
          const hit = view.currentSpan();
          view.window.set(clampWindow(trace.start[hit] ?? 0, (trace.start[hit] ?? 0) + (trace.duration[hit] ?? 0), trace.durationNs));
        }}
        style={{marginLeft: PAD_LEFT, marginRight: PAD_RIGHT}}
      />
      <p className="flame-line small" aria-live="polite">
        <span className={`swatch slot-${view.slotOf(at)}`} /> <span className="second">{wordAt(view.trace.service, at)}</span> <b className="cut">{labelOf(view.trace, at)}</b>
        <span>{formatDuration(view.trace.duration[at] ?? 0)}, self {formatDuration(view.self[at] ?? 0)}</span>
      </p>
    </div>
  );
}

function pointIn(event: {readonly clientX: number; readonly clientY: number; readonly currentTarget: HTMLElement}): {x: number; y: number} {
  const rect = event.currentTarget.getBoundingClientRect();
  return {x: event.clientX - rect.left, y: event.clientY - rect.top};
}

function boxesOf(view: TraceView): Boxes & {readonly deepest: number} {
  const {trace} = view;
  let deepest = 0;
  for (let at = 0; at < trace.count; at += 1) deepest = Math.max(deepest, trace.depth[at] ?? 0);
  return {
    count: trace.count,
    start: trace.start,
    size: trace.duration,
    depth: trace.depth,
    deepest,
    slot: view.slotOf,
    label: at => labelOf(trace, at),
    isError: at => isError(trace, at),
    isFaint: at => {
      const {kept} = view.choice.get();
      return kept !== null && kept[at] === 0;
    },
  };
}

/** Where a key leads: up to the parent, down to the first child, aside to siblings. */
function neighbour(view: TraceView, key: string): number | null {
  const {trace} = view;
  const at = view.currentSpan();
  const above = trace.parent[at] ?? -1;
  switch (key) {
    case 'Enter':
      return at;
    case 'ArrowUp':
      return above < 0 ? at : above;
    case 'ArrowDown':
      return (trace.end[at] ?? 0) > at + 1 ? at + 1 : at;
    case 'ArrowRight': {
      const next = trace.end[at] ?? at;
      return next < trace.count && trace.parent[next] === above ? next : at;
    }
    case 'ArrowLeft': {
      let before = at;
      for (let other = above + 1; other < at; other = trace.end[other] ?? at) before = other;
      return before;
    }
    default:
      return null;
  }
}
