// The whole trace small, with two handles on the part that is looked at; and which service took how much.
import {useEffect, useMemo, useRef} from 'react';
import type {KeyboardEvent, PointerEvent, ReactElement} from 'react';
import {formatDuration, formatShare} from '../../base/numbers.ts';
import {useStore} from '../../base/store.ts';
import {clampWindow, panWindow, zoomWindow} from '../../model/time_window.ts';
import {isError} from '../../model/trace.ts';
import {currentInk, watchTheme} from '../../paint/ink.ts';
import {paintMinimap} from '../../paint/minimap.ts';
import {fitSurface, perFrame} from '../../paint/surface.ts';
import type {TraceView} from './trace_view.ts';

const KEY_SHARE = 0.02;
const WHEEL_ZOOM = 1.15;
const LEGEND_MAX = 6;

export function Minimap({view}: {readonly view: TraceView}): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const dragFrom = useRef<number | null>(null);
  const window = useStore(view.window);
  const {durationNs} = view.trace;

  useEffect(() => {
    const {trace} = view;
    const spans = {count: trace.count, start: trace.start, duration: trace.duration, depth: trace.depth, slot: view.slotOf, isError: (at: number) => isError(trace, at)};
    const frame = perFrame(() => {
      const surface = canvas.current && fitSurface(canvas.current);
      if (surface) paintMinimap(surface, spans, trace.durationNs, currentInk());
    });
    const observer = new ResizeObserver(frame.ask);
    if (canvas.current) observer.observe(canvas.current);
    const stop = watchTheme(frame.ask);
    return () => {
      frame.stop();
      observer.disconnect();
      stop();
    };
  }, [view]);

  useEffect(() => {
    const place = box.current;
    if (place === null) return undefined;
    // Not through React: only a listener that is not passive may keep the page from scrolling.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const rect = place.getBoundingClientRect();
      const anchor = ((event.clientX - rect.left) / rect.width) * view.trace.durationNs;
      const isPan = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      view.window.set(before =>
        isPan ? panWindow(before, Math.sign(event.deltaX || event.deltaY) * 0.1, view.trace.durationNs) : zoomWindow(before, event.deltaY > 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, anchor, view.trace.durationNs),
      );
    };
    place.addEventListener('wheel', onWheel, {passive: false});
    return () => place.removeEventListener('wheel', onWheel);
  }, [view]);

  const timeAt = (event: PointerEvent): number => {
    const rect = box.current?.getBoundingClientRect();
    return rect ? ((event.clientX - rect.left) / Math.max(1, rect.width)) * durationNs : 0;
  };
  const percent = (time: number): string => `${((time / Math.max(1, durationNs)) * 100).toFixed(3)}%`;
  const set = (from: number, to: number): void => view.window.set(clampWindow(from, to, durationNs));
  return (
    <div className="minimap">
      <PathShares view={view} />
      <div
        ref={box}
        className="minimap-box"
        onPointerDown={event => {
          dragFrom.current = timeAt(event);
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={event => {
          if (dragFrom.current !== null && Math.abs(timeAt(event) - dragFrom.current) > durationNs / 200) set(dragFrom.current, timeAt(event));
        }}
        onPointerUp={() => {
          dragFrom.current = null;
        }}
        onDoubleClick={() => set(0, durationNs)}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <i className="shade" style={{left: 0, width: percent(window.from)}} />
        <i className="shade" style={{right: 0, width: percent(durationNs - window.to)}} />
        <Handle name="Start of what is shown" value={window.from} durationNs={durationNs} left={percent(window.from)} onMove={from => set(Math.min(from, window.to), window.to)} />
        <Handle name="End of what is shown" value={window.to} durationNs={durationNs} left={percent(window.to)} onMove={to => set(window.from, Math.max(to, window.from))} />
      </div>
    </div>
  );
}

function Handle({name, value, durationNs, left, onMove}: {readonly name: string; readonly value: number; readonly durationNs: number; readonly left: string; readonly onMove: (time: number) => void}): ReactElement {
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = {ArrowLeft: -KEY_SHARE, ArrowDown: -KEY_SHARE, ArrowRight: KEY_SHARE, ArrowUp: KEY_SHARE}[event.key];
    if (by === undefined && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    if (event.key === 'Home') onMove(0);
    else if (event.key === 'End') onMove(durationNs);
    else onMove(value + (by ?? 0) * durationNs);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    const rect = event.currentTarget.parentElement?.getBoundingClientRect();
    if (rect) onMove(((event.clientX - rect.left) / Math.max(1, rect.width)) * durationNs);
  };
  return (
    <div
      className="minimap-handle"
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={durationNs}
      aria-valuenow={Math.round(value)}
      aria-valuetext={formatDuration(value)}
      style={{left}}
      onKeyDown={onKeyDown}
      onPointerDown={event => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
    />
  );
}

/** Which service the time on the critical path belongs to. */
function PathShares({view}: {readonly view: TraceView}): ReactElement {
  const shares = useMemo(() => {
    const sums = new Map<number, number>();
    for (const [span, edges] of view.path.pieces) {
      const service = view.trace.service.at[span] ?? 0;
      let sum = sums.get(service) ?? 0;
      for (let edge = 0; edge < edges.length; edge += 2) sum += (edges[edge + 1] ?? 0) - (edges[edge] ?? 0);
      sums.set(service, sum);
    }
    return [...sums].sort((one, other) => other[1] - one[1]);
  }, [view]);
  return (
    <div className="legend" title="Share of the critical path">
      {shares.slice(0, LEGEND_MAX).map(([service, ns]) => (
        <span key={service} className="row small">
          <span className={`swatch slot-${view.slots[service] ?? 0}`} />
          <span className="cut">{view.trace.service.values[service] || 'no service'}</span>
          <span className="quiet">{formatShare(ns, view.path.totalNs)}</span>
        </span>
      ))}
      <span className="quiet small">{shares.length > LEGEND_MAX ? `${shares.length - LEGEND_MAX} others, ` : ''}share of the critical path</span>
    </div>
  );
}
