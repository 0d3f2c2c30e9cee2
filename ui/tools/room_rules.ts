// Which room of src may import which; rooms of src/rooms are strangers to each other.
import {cruise} from 'dependency-cruiser';
import type {IForbiddenRuleType} from 'dependency-cruiser';

const MAY_READ: Readonly<Record<string, readonly string[]>> = {
  base: [],
  wire: ['base'],
  model: ['base', 'wire'],
  paint: ['base', 'model'],
  widgets: ['base', 'paint'],
  rooms: ['base', 'wire', 'model', 'paint', 'widgets'],
};

const RULES: IForbiddenRuleType[] = [
  {name: 'no-cycles', severity: 'error', from: {}, to: {circular: true}},
  {
    name: 'rooms-are-strangers',
    severity: 'error',
    from: {path: '^src/rooms/([^/]+)/'},
    to: {path: '^src/rooms/', pathNot: '^src/rooms/$1/'},
  },
  ...Object.entries(MAY_READ).map(
    ([room, others]): IForbiddenRuleType => ({
      name: `${room}-reads-only-what-it-may`,
      severity: 'error',
      from: {path: `^src/${room}/`},
      to: {path: '^src/', pathNot: `^src/(${[room, ...others].join('|')})/`},
    }),
  ),
  {
    name: 'only-wire-fetches-types',
    severity: 'error',
    from: {path: '^src/(base|paint|widgets)/'},
    to: {path: '^src/wire/'},
  },
];

export type RoomFaults = {readonly moduleCount: number; readonly faults: readonly string[]};

/** Returns what breaks the rules under `src` of a folder. */
export async function findRoomFaults(folder: string): Promise<RoomFaults> {
  const {output} = await cruise(['src'], {
    baseDir: folder,
    ruleSet: {forbidden: RULES},
    validate: true,
    tsPreCompilationDeps: true,
    exclude: {path: 'node_modules'},
  });
  if (typeof output === 'string') throw new Error(output);
  return {
    moduleCount: output.summary.totalCruised,
    faults: output.summary.violations.map(one => `${one.rule.name}: ${one.from} → ${one.to}`),
  };
}
