// Two traces side by side: their trees merged by what each span does, with what differs.
import {isError, labelOf, wordAt} from './trace.ts';
import type {Trace} from './trace.ts';

export type Side = {readonly count: number; readonly totalNs: number; readonly errors: number};

export type ComparedRow = {
  readonly depth: number;
  readonly service: string;
  readonly label: string;
  readonly one: Side;
  readonly other: Side;
  readonly state: 'same' | 'only-one' | 'only-other' | 'slower' | 'faster' | 'count';
};

type Node = {readonly service: string; readonly label: string; readonly sides: [MutableSide, MutableSide]; readonly children: Map<string, Node>};
type MutableSide = {count: number; totalNs: number; errors: number};

/** A difference below this part is noise. */
export const DIFFERENCE_MIN = 0.2;
/** And so is one that nobody would feel. */
const DIFFERENCE_NS_MIN = 1e6;

export function compareTraces(one: Trace, other: Trace): readonly ComparedRow[] {
  const root = newNode('', '');
  addTrace(root, one, 0);
  addTrace(root, other, 1);
  const rows: ComparedRow[] = [];
  const stack = [...root.children.values()].reverse().map(node => ({node, depth: 0}));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const {node, depth} = top;
    const [left, right] = node.sides;
    rows.push({depth, service: node.service, label: node.label, one: left, other: right, state: stateOf(left, right)});
    for (const child of [...node.children.values()].reverse()) stack.push({node: child, depth: depth + 1});
  }
  return rows;
}

function addTrace(root: Node, trace: Trace, side: 0 | 1): void {
  const nodes: Node[] = [];
  for (let at = 0; at < trace.count; at += 1) {
    const above = nodes[trace.parent[at] ?? -1] ?? root;
    const service = wordAt(trace.service, at);
    const label = labelOf(trace, at);
    const key = `${service}\n${label}`;
    const node = above.children.get(key) ?? newNode(service, label);
    above.children.set(key, node);
    nodes.push(node);
    const sum = node.sides[side];
    sum.count += 1;
    sum.totalNs += trace.duration[at] ?? 0;
    if (isError(trace, at)) sum.errors += 1;
  }
}

function newNode(service: string, label: string): Node {
  return {service, label, sides: [{count: 0, totalNs: 0, errors: 0}, {count: 0, totalNs: 0, errors: 0}], children: new Map()};
}

function stateOf(one: Side, other: Side): ComparedRow['state'] {
  if (other.count === 0) return 'only-one';
  if (one.count === 0) return 'only-other';
  const change = other.totalNs - one.totalNs;
  if (Math.abs(change) >= DIFFERENCE_NS_MIN && Math.abs(change) >= DIFFERENCE_MIN * Math.max(one.totalNs, 1)) return change > 0 ? 'slower' : 'faster';
  return one.count === other.count ? 'same' : 'count';
}
