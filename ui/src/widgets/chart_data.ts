// What a chart is told: lines over the same times, and marks of what happened.

export type ChartLine = {
  readonly name: string;
  /** One value per time; null where there is none. */
  readonly values: readonly (number | null)[];
  /** 1..12 for a service; without one, lines are told apart by dash. */
  readonly slot?: number;
  /** All others in one: grey. */
  readonly isOther?: boolean;
  /** Not in the legend: another line's name says enough. */
  readonly isUnnamed?: boolean;
};

/** A release, a fault: a line with its name at the top. */
export type ChartMark = {readonly timeMs: number; readonly name: string; readonly tone: 'release' | 'fault'};

/** A sample behind a figure; drawn as a ring at its true value. */
export type ChartExemplar = {readonly timeMs: number; readonly value: number; readonly name: string; readonly href: string};

export type ChartProps = {
  readonly name: string;
  /** What the chart shows, in a sentence. */
  readonly sentence: string;
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly format: (value: number) => string;
  readonly marks?: readonly ChartMark[];
  readonly exemplars?: readonly ChartExemplar[];
  readonly heightPx?: number;
  /** Of charts that share the cursor. */
  readonly group?: string;
  readonly onZoom?: (fromMs: number, toMs: number) => void;
};

export const LINES_MAX = 12;

/** The top lines by their sum, all others as one, so that a person can tell them apart. */
export function topLines(lines: readonly ChartLine[]): readonly ChartLine[] {
  if (lines.length <= LINES_MAX) return lines;
  const sum = (line: ChartLine): number => line.values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const sorted = [...lines].sort((one, other) => sum(other) - sum(one));
  const rest = sorted.slice(LINES_MAX);
  const length = Math.max(...rest.map(line => line.values.length));
  const values = Array.from({length}, (_, at) => {
    const known = rest.map(line => line.values[at]).filter(value => value !== null && value !== undefined);
    return known.length === 0 ? null : known.reduce<number>((all, value) => all + value, 0);
  });
  return [...sorted.slice(0, LINES_MAX), {name: `${rest.length} others`, values, isOther: true}];
}

/** The colour of a line that is no service's; the first has the accent. */
export function slotOfLine(at: number): number {
  return ((at * 5) % LINES_MAX) + 1;
}

/** What the cursor says at a time: every line with its value. */
export function readoutAt(props: Pick<ChartProps, 'timesMs' | 'format'>, lines: readonly ChartLine[], at: number): string {
  const time = props.timesMs[at];
  if (time === undefined) return '';
  const values = lines.map(line => {
    const value = line.values[at];
    return `${line.name} ${value === null || value === undefined ? '–' : props.format(value)}`;
  });
  return `${new Date(time).toISOString().slice(11, 19)} UTC: ${values.join(', ')}`;
}
