// The exceptions of an event as a page shows them: the one that was seen first, its causes after it.
import type {EventForm, Json} from '../wire/schema.ts';

export type SourceLine = {readonly line: number; readonly text: string};

export type Frame = {
  readonly file: string;
  readonly module: string;
  readonly function: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly isInApp: boolean;
  readonly source: readonly SourceLine[];
  readonly variables: readonly (readonly [name: string, value: string])[];
};

export type Thrown = {
  readonly type: string;
  readonly value: string;
  readonly module: string;
  readonly mechanism: string;
  readonly isHandled: boolean | null;
  /** The frame that failed first. */
  readonly frames: readonly Frame[];
};

export type FrameGroup = {readonly isInApp: boolean; readonly frames: readonly Frame[]};

export function thrownOf(event: EventForm): readonly Thrown[] {
  const entry = event.entries.find(each => each.type === 'exception');
  return listOf(entry?.data['values']).map(readThrown).reverse();
}

/** Frames in groups: those of the program one by one, runs of others folded together. */
export function foldFrames(frames: readonly Frame[]): readonly FrameGroup[] {
  const groups: {isInApp: boolean; frames: Frame[]}[] = [];
  const hasOwn = frames.some(frame => frame.isInApp);
  for (const [at, frame] of frames.entries()) {
    // The frame that failed is always shown, and without any of the program's all are.
    const isShown = frame.isInApp || at === 0 || !hasOwn;
    const last = groups.at(-1);
    if (!isShown && last && !last.isInApp) last.frames.push(frame);
    else groups.push({isInApp: isShown, frames: [frame]});
  }
  return groups;
}

/** As a person would paste it: into an editor's terminal, a message, or an agent. */
export function rawStack(thrown: readonly Thrown[]): string {
  return thrown
    .map(each => [`${each.type}: ${each.value}`, ...each.frames.map(frame => `    at ${frame.function || '<anonymous>'} (${placeOf(frame)})`)].join('\n'))
    .join('\nCaused by: ');
}

export function placeOf(frame: Frame): string {
  const file = frame.file || frame.module || '<unknown>';
  return frame.line === null ? file : frame.column === null ? `${file}:${frame.line}` : `${file}:${frame.line}:${frame.column}`;
}

function readThrown(value: Json): Thrown {
  const thrown = objectOf(value);
  const mechanism = objectOf(thrown['mechanism']);
  const stack = objectOf(thrown['stacktrace']);
  return {
    type: textOf(thrown['type']) || 'Error',
    value: textOf(thrown['value']),
    module: textOf(thrown['module']),
    mechanism: textOf(mechanism['type']),
    isHandled: typeof mechanism['handled'] === 'boolean' ? mechanism['handled'] : null,
    frames: listOf(stack['frames']).map(readFrame).reverse(),
  };
}

function readFrame(value: Json): Frame {
  const frame = objectOf(value);
  return {
    file: textOf(frame['filename']) || textOf(frame['absPath']),
    module: textOf(frame['module']),
    function: textOf(frame['function']),
    line: numberOrNull(frame['lineNo']),
    column: numberOrNull(frame['colNo']),
    isInApp: frame['inApp'] === true,
    source: listOf(frame['context']).flatMap(each => {
      const [line, text] = listOf(each);
      return typeof line === 'number' ? [{line, text: textOf(text)}] : [];
    }),
    variables: Object.entries(objectOf(frame['vars'])).map(([name, each]) => [name, typeof each === 'string' ? each : JSON.stringify(each)] as const),
  };
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function objectOf(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, Json>>) : {};
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function numberOrNull(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
