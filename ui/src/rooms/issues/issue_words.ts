// How the state of an issue is said, and in which tone.
import type {TagTone} from '../../widgets/Button.tsx';
import type {IssueForm} from '../../wire/schema.ts';

const WORDS: Readonly<Record<string, readonly [text: string, tone: TagTone]>> = {
  new: ['new', 'info'],
  ongoing: ['ongoing', 'plain'],
  escalating: ['rising', 'error'],
  regressed: ['regressed', 'warn'],
  archived_until_escalating: ['archived until it rises', 'plain'],
  archived_until_condition_met: ['archived for a while', 'plain'],
  archived_forever: ['archived', 'plain'],
};

export function stateOf(issue: Pick<IssueForm, 'status' | 'substatus'>): readonly [text: string, tone: TagTone] {
  if (issue.status === 'resolved') return ['resolved', 'ok'];
  return WORDS[issue.substatus ?? ''] ?? [issue.status, 'plain'];
}

/** The first line of a row: the type stands out, the value follows. */
export function titleOf(issue: Pick<IssueForm, 'title' | 'metadata'>): readonly [strong: string, rest: string] {
  const {type, value} = issue.metadata;
  if (type !== '' && issue.title.startsWith(type)) return [type, value !== '' ? value : issue.title.slice(type.length).replace(/^[:\s]+/, '')];
  return [issue.title, ''];
}
