// The drawing of a chart: uPlot in our tokens, a cursor that arrows move, exemplars as links.
import {useEffect, useMemo, useRef, useState} from 'react';
import type {KeyboardEvent, ReactElement} from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {currentInk, watchTheme} from '../paint/ink.ts';
import type {Ink} from '../paint/ink.ts';
import {readoutAt, slotOfLine} from './chart_data.ts';
import type {ChartMark, ChartProps} from './chart_data.ts';

const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const AXIS_PX = 56;

export default function ChartCanvas(props: ChartProps & {readonly heightPx: number}): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState(-1);
  const [readout, setReadout] = useState('');
  const data = useMemo(() => [props.timesMs.map(time => time / 1000), ...props.lines.map(line => [...line.values])] as uPlot.AlignedData, [props.timesMs, props.lines]);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const make = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(latest, box.clientWidth, setReadout), data, box);
    };
    make();
    const observer = new ResizeObserver(() => plot.current?.setSize({width: box.clientWidth, height: latest.current.heightPx}));
    observer.observe(box);
    const stop = watchTheme(make);
    return () => {
      observer.disconnect();
      stop();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [data, props.marks]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = {ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9}[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(props.timesMs.length - 1, Math.max(0, (at < 0 ? props.timesMs.length - 1 : at) + step));
    setAt(next);
    setReadout(readoutAt(props, props.lines, next));
    const left = plot.current?.valToPos((props.timesMs[next] ?? 0) / 1000, 'x') ?? -1;
    plot.current?.setCursor({left, top: 0}, false);
  };
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys */}
      <div ref={place} className="chart-place" role="application" tabIndex={0} aria-label={`${props.name}. ${props.sentence} Arrows move the cursor.`} onKeyDown={onKeyDown} style={{height: props.heightPx}} />
      <p className="chart-readout small quiet" aria-live="polite">{readout === '' ? props.sentence : readout}</p>
      {props.exemplars && props.exemplars.length > 0 && (
        <p className="chart-exemplars small">Samples: {props.exemplars.map(each => <a key={each.href} href={each.href}>{each.name}</a>)}</p>
      )}
    </>
  );
}

type Latest = {readonly current: ChartProps & {readonly heightPx: number}};

function optionsOf(latest: Latest, width: number, say: (text: string) => void): uPlot.Options {
  const ink = currentInk();
  const {lines, format, heightPx, group, onZoom} = latest.current;
  const axis = {stroke: ink.textQuiet, font: `11px ${ink.font}`, ticks: {show: false}};
  return {
    width,
    height: heightPx,
    legend: {show: false},
    // UTC, as everywhere on the pages.
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: {y: false, points: {show: false}, drag: {x: onZoom !== undefined, y: false, setScale: false}, ...(group === undefined ? {} : {sync: {key: group}})},
    scales: {y: {range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 0) > 0 ? (high ?? 0) * 1.05 : 1]}},
    axes: [
      {...axis, size: 26, grid: {show: false}, values: (_self, ticks, _axis, _space, step) => ticks.map(tick => labelOf(tick, step))},
      {...axis, size: AXIS_PX, grid: {stroke: ink.grid, width: 1}, values: (_, ticks) => ticks.map(tick => format(tick))},
    ],
    series: [
      {},
      ...lines.map((line, at): uPlot.Series => ({
        label: line.name,
        stroke: strokeOf(line.isOther === true, line.slot, at, ink),
        width: 1.5,
        dash: [...(DASHES[line.slot === undefined ? at % DASHES.length : 0] ?? [])],
        // A value between two that are missing has no line: it is a point.
        points: {show: true, size: 5, fill: strokeOf(line.isOther === true, line.slot, at, ink), filter: () => alone(line.values)},
      })),
    ],
    hooks: {
      draw: [plot => paintMarks(plot, latest.current.marks ?? [], ink), plot => paintExemplars(plot, latest.current, ink)],
      setCursor: [plot => say(plot.cursor.idx === null || plot.cursor.idx === undefined ? '' : readoutAt(latest.current, latest.current.lines, plot.cursor.idx))],
      setSelect: [
        plot => {
          if (plot.select.width < 4) return;
          const {left, width: selected} = plot.select;
          latest.current.onZoom?.(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + selected, 'x') * 1000);
          plot.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
        },
      ],
    },
  };
}

const DAY_S = 86_400;

/** In UTC, of 24 hours, as on the time rule. */
function labelOf(seconds: number, stepSeconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  if (stepSeconds >= DAY_S) return iso.slice(5, 10);
  return stepSeconds >= 60 ? iso.slice(11, 16) : iso.slice(11, 19);
}

function alone(values: readonly (number | null)[]): number[] {
  return [...values.keys()].filter(at => typeof values[at] === 'number' && typeof values[at - 1] !== 'number' && typeof values[at + 1] !== 'number');
}

function strokeOf(isOther: boolean, slot: number | undefined, at: number, ink: Ink): string {
  if (isOther) return ink.muted;
  if (slot !== undefined) return ink.services[slot] ?? ink.muted;
  return at === 0 ? ink.accent : (ink.services[slotOfLine(at)] ?? ink.muted);
}

function paintMarks(plot: uPlot, marks: readonly ChartMark[], ink: Ink): void {
  const {ctx: context, bbox} = plot;
  context.save();
  context.font = `${11 * devicePixelRatio}px ${ink.font}`;
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark.timeMs / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    context.strokeStyle = mark.tone === 'fault' ? ink.error : ink.textSecond;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(x, bbox.top);
    context.lineTo(x, bbox.top + bbox.height);
    context.stroke();
    context.fillStyle = ink.textSecond;
    context.fillText(mark.name, x + 4, bbox.top + 11 * devicePixelRatio);
  }
  context.restore();
}

function paintExemplars(plot: uPlot, {exemplars}: ChartProps, ink: Ink): void {
  const {ctx: context} = plot;
  context.save();
  context.strokeStyle = ink.accent;
  context.lineWidth = 1.5 * devicePixelRatio;
  for (const each of exemplars ?? []) {
    context.beginPath();
    context.arc(plot.valToPos(each.timeMs / 1000, 'x', true), plot.valToPos(each.value, 'y', true), 3.5 * devicePixelRatio, 0, 2 * Math.PI);
    context.stroke();
  }
  context.restore();
}
