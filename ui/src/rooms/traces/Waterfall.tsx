// The waterfall: a treegrid over the rows that are seen, bars painted on one canvas.
import {useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState} from 'react';
import type {KeyboardEvent, PointerEvent, ReactElement} from 'react';
import {decimalStep} from '../../base/round_steps.ts';
import {createStore, useStore} from '../../base/store.ts';
import {clampWindow} from '../../model/time_window.ts';
import {paintBars} from '../../paint/bars.ts';
import {currentInk, watchTheme} from '../../paint/ink.ts';
import {fitSurface, perFrame} from '../../paint/surface.ts';
import {barRows} from './bar_rows.ts';
import {Minimap} from './Minimap.tsx';
import {NamesHandle, useNamesWidth} from './NamesHandle.tsx';
import {contentHeight, rowOfScroll, scrollOfRow, showingRow} from './scroll_map.ts';
import {TraceAxis} from './TraceAxis.tsx';
import {moveByKey} from './tree_keys.ts';
import type {TraceView} from './trace_view.ts';
import {PAD_LEFT, PAD_RIGHT} from './trace_measures.ts';
import {WaterfallRows} from './WaterfallRows.tsx';

type Props = {
  readonly view: TraceView;
  readonly selected: number;
  readonly find: string;
  readonly onSelect: (span: number) => void;
};

const TICKS = 6;
const DRAG_MIN_PX = 4;

export function Waterfall({view, selected, find, onSelect}: Props): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const band = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const names = useNamesWidth();
  const first = useMemo(() => createStore(0), []);
  const [box, setBox] = useState({viewHeight: 600, rowHeight: 28});
  const rows = useStore(view.rows);
  const row = useStore(view.row);
  const map = useMemo(() => ({...box, rowCount: rows.count}), [box, rows.count]);
  const seen = Math.ceil(box.viewHeight / box.rowHeight);

  useLayoutEffect(() => {
    const place = scroller.current;
    if (place === null) return undefined;
    const measure = (): void => {
      const rowHeight = Number.parseFloat(getComputedStyle(place).getPropertyValue('--row-trace')) || 28;
      setBox({viewHeight: place.clientHeight, rowHeight});
    };
    const observer = new ResizeObserver(measure);
    observer.observe(place);
    measure();
    const stop = watchTheme(measure);
    return () => {
      observer.disconnect();
      stop();
    };
  }, []);

  useEffect(() => {
    const paint = (): void => {
      const top = first.get();
      if (list.current) list.current.style.transform = `translateY(${-(top - Math.floor(top)) * box.rowHeight}px)`;
      const surface = canvas.current && fitSurface(canvas.current);
      if (!surface) return;
      const window = view.window.get();
      const step = decimalStep(window.to - window.from, TICKS);
      const ticks: number[] = [];
      for (let tick = Math.ceil(window.from / step) * step; tick < window.to; tick += step) ticks.push(tick);
      paintBars(surface, barRows(view, top, seen, box.rowHeight), {...window, left: PAD_LEFT, right: PAD_RIGHT, rowHeight: box.rowHeight, ticks}, currentInk());
    };
    const frame = perFrame(paint);
    const stops = [first, view.rows, view.window, view.flags, view.marks].map(store => (store as {subscribe: (listener: () => void) => () => void}).subscribe(frame.ask));
    stops.push(watchTheme(frame.ask));
    paint();
    return () => {
      frame.stop();
      for (const stop of stops) stop();
    };
  }, [view, first, box, seen, names]);

  // The current row is always seen: whoever moves it (keys, search, a link) need not scroll.
  useEffect(() => {
    const place = scroller.current;
    if (place === null) return;
    const wanted = showingRow(map, first.get(), row);
    if (wanted === first.get()) return;
    first.set(wanted);
    place.scrollTop = scrollOfRow(map, wanted);
  }, [row, map, first]);

  const onScroll = (): void => {
    const place = scroller.current;
    // A change of less than a pixel is our own rounding.
    if (place && Math.abs(scrollOfRow(map, first.get()) - place.scrollTop) > 1) first.set(rowOfScroll(map, place.scrollTop));
  };
  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Enter' || event.key === ' ') onSelect(view.currentSpan());
      else if (!moveByKey(view, event.key, seen - 1)) return;
      event.preventDefault();
    },
    [view, seen, onSelect],
  );
  const drag = useDragZoom(view, canvas, band);

  return (
    <div className="waterfall" style={{'--names': `${names}px`} as React.CSSProperties}>
      <Minimap view={view} />
      <div className="wf-head">
        <div className="wf-names-head"><span>Service and operation</span><span>Duration</span></div>
        <TraceAxis view={view} />
        <NamesHandle />
      </div>
      <div
        ref={scroller}
        className="wf-scroll"
        role="treegrid"
        tabIndex={0}
        aria-label="Spans of the trace"
        aria-rowcount={rows.count}
        aria-colcount={2}
        aria-activedescendant={`row-${row}`}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        data-waterfall
      >
        <div style={{height: contentHeight(map)}} role="presentation">
          <div className="wf-layer" style={{height: box.viewHeight}} role="presentation" {...drag}>
            <WaterfallRows view={view} first={first} seen={seen} rowHeight={box.rowHeight} selected={selected} find={find} listRef={list} onSelect={onSelect} />
            <canvas ref={canvas} className="wf-canvas" aria-hidden="true" />
            <div ref={band} className="wf-band" aria-hidden="true" hidden />
          </div>
        </div>
      </div>
    </div>
  );
}

type DragHandlers = {
  readonly onPointerDown: (event: PointerEvent<HTMLDivElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLDivElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLDivElement>) => void;
  readonly onDoubleClick: () => void;
};

/** Dragging over the bars zooms to what was dragged over; a double click shows all again. */
function useDragZoom(view: TraceView, canvas: React.RefObject<HTMLCanvasElement | null>, band: React.RefObject<HTMLDivElement | null>): DragHandlers {
  const from = useRef<number | null>(null);
  const place = (event: PointerEvent): number => event.clientX - (canvas.current?.getBoundingClientRect().left ?? 0);
  const show = (start: number, end: number): void => {
    if (!band.current || !canvas.current) return;
    band.current.hidden = Math.abs(end - start) < DRAG_MIN_PX;
    band.current.style.left = `${canvas.current.offsetLeft + Math.min(start, end)}px`;
    band.current.style.width = `${Math.abs(end - start)}px`;
  };
  return {
    onPointerDown: event => {
      const x = place(event);
      if (event.button === 0 && event.pointerType === 'mouse' && x > 0) from.current = x;
    },
    onPointerMove: event => {
      if (from.current === null) return;
      if (Math.abs(place(event) - from.current) >= DRAG_MIN_PX) event.currentTarget.setPointerCapture(event.pointerId);
      show(from.current, place(event));
    },
    onPointerUp: event => {
      const start = from.current;
      from.current = null;
      if (band.current) band.current.hidden = true;
      if (start === null || Math.abs(place(event) - start) < DRAG_MIN_PX) return;
      const {from: left, to: right} = view.window.get();
      const width = (canvas.current?.clientWidth ?? 1) - PAD_LEFT - PAD_RIGHT;
      const time = (x: number): number => left + ((x - PAD_LEFT) / width) * (right - left);
      view.window.set(clampWindow(time(start), time(place(event)), view.trace.durationNs));
    },
    onDoubleClick: () => view.window.set(clampWindow(0, view.trace.durationNs, view.trace.durationNs)),
  };
}
