// The rows of the list: one tab stop, moved through and triaged by keys.
import {useNavigate} from '@tanstack/react-router';
import {useVirtualizer} from '@tanstack/react-virtual';
import {useMemo, useRef, useState} from 'react';
import type {ReactElement} from 'react';
import {useKeys} from '../../base/keys.ts';
import {formatAge, formatCount, formatMoment} from '../../base/numbers.ts';
import {Tag} from '../../widgets/Button.tsx';
import {LevelMark, levelOf} from '../../widgets/Icon.tsx';
import {Link} from '../../widgets/Link.tsx';
import {useScopeSearch} from '../../widgets/use_scope.ts';
import type {IssueChange} from '../../wire/issues.ts';
import type {IssueForm} from '../../wire/schema.ts';
import {stateOf, titleOf} from './issue_words.ts';
import {Sparkline} from '../../widgets/Sparkline.tsx';

const ROW_HEIGHT = 33;

type Props = {
  readonly issues: readonly IssueForm[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  readonly onChange: (ids: readonly string[], to: IssueChange) => void;
};

export function IssueRows({issues, chosen, onChoose, onChange}: Props): ReactElement {
  const [current, setCurrent] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const scopeSearch = useScopeSearch();
  const rows = useVirtualizer({count: issues.length, getScrollElement: () => place.current, estimateSize: () => ROW_HEIGHT, overscan: 12});
  const keys = useMemo(() => {
    const group = 'Issues';
    const move = (step: number) => (): void => {
      const next = Math.min(issues.length - 1, Math.max(0, current + step));
      setCurrent(next);
      rows.scrollToIndex(next);
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
    };
    const issue = issues[current];
    // What is selected, or else the row that one is on.
    const act = (to: IssueChange) => (): void => {
      const ids = chosen.size > 0 ? [...chosen] : issue ? [issue.id] : [];
      if (ids.length > 0) onChange(ids, to);
    };
    return [
      {keys: ['j'], does: 'Next issue', group, run: move(1)},
      {keys: ['k'], does: 'Issue before', group, run: move(-1)},
      {keys: ['x'], does: 'Select or deselect', group, run: () => issue && onChoose(toggled(chosen, issue.id))},
      {keys: ['e'], does: 'Resolve', group, run: act({status: 'resolved'})},
      {keys: ['i'], does: 'Archive until it rises', group, run: act({status: 'ignored', substatus: 'archived_until_escalating'})},
      {keys: ['a'], does: 'Take (assign to me)', group, run: act({assignedTo: 'me'})},
      {keys: ['u'], does: 'Unresolve', group, run: act({status: 'unresolved'})},
      {keys: ['o'], does: 'Open the issue', group, run: () => issue && void navigate({to: `/issues/${encodeURIComponent(issue.id)}`, search: scopeSearch as never})},
    ];
  }, [issues, chosen, current, onChoose, onChange, navigate, scopeSearch, rows]);
  useKeys(keys);
  return (
    <div className="scroll issue-grid" role="table" aria-label="Issues" aria-rowcount={issues.length + 1} ref={place}>
      <div role="rowgroup">
        <div className="grid-head issue-row" role="row">
          {['Selected', 'Level', 'Id', 'Issue', 'Where', 'State', 'Events by time'].map((title, at) => <span key={title} role="columnheader" className={at === 0 || at > 3 ? 'narrow-off' : ''}>{at < 2 ? <span className="unseen">{title}</span> : title}</span>)}
          {['Events', 'Users', 'Last', 'First'].map(title => <span key={title} role="columnheader" className={title === 'Users' || title === 'First' ? 'right narrow-off' : 'right'}>{title}</span>)}
          <span role="columnheader" className="narrow-off">Owner</span>
        </div>
      </div>
      <div role="rowgroup" className="issue-rows" style={{height: rows.getTotalSize()}}>
        {rows.getVirtualItems().map(({index, start}) => {
          const issue = issues[index];
          if (!issue) return null;
          return (
            <IssueRow key={issue.id} issue={issue} at={index} top={start} isChosen={chosen.has(issue.id)} onFocus={() => setCurrent(index)} onToggle={() => onChoose(toggled(chosen, issue.id))} />
          );
        })}
      </div>
    </div>
  );
}

function IssueRow({issue, at, top, isChosen, onFocus, onToggle}: {readonly issue: IssueForm; readonly at: number; readonly top: number; readonly isChosen: boolean; readonly onFocus: () => void; readonly onToggle: () => void}): ReactElement {
  const [state, tone] = stateOf(issue);
  const [strong, rest] = titleOf(issue);
  const series = Object.values(issue.stats)[0] ?? [];
  return (
    <div className="grid-row issue-row" role="row" aria-rowindex={at + 2} aria-selected={isChosen} style={{transform: `translateY(${top}px)`}}>
      <span role="cell" className="narrow-off"><input type="checkbox" checked={isChosen} aria-label={`Select ${issue.shortId}`} tabIndex={-1} onChange={onToggle} /></span>
      <span role="cell"><LevelMark level={levelOf(issue.level)} /></span>
      <span role="cell" className="mono second cut">{issue.shortId}</span>
      <span role="cell" className="cut"><Link className="issue-link" to={`/issues/${encodeURIComponent(issue.id)}`} data-row={at} onFocus={onFocus} title={issue.title}><b>{strong}</b> {rest}</Link></span>
      <span role="cell" className="second cut narrow-off" title={issue.culprit}>{issue.culprit || issue.project.slug}</span>
      <span role="cell" className="narrow-off"><Tag tone={tone}>{state}</Tag></span>
      <span role="cell" className="narrow-off"><Sparkline counts={series.map(([, count]) => count ?? 0)} /></span>
      <span role="cell" className="right strong">{formatCount(Number(issue.count))}</span>
      <span role="cell" className="right narrow-off">{formatCount(issue.userCount)}</span>
      <span role="cell" className="right second" title={formatMoment(issue.lastSeen)}>{formatAge(issue.lastSeen, Date.now())}</span>
      <span role="cell" className="right second narrow-off" title={formatMoment(issue.firstSeen)}>{formatAge(issue.firstSeen, Date.now())}</span>
      <span role="cell" className="second cut narrow-off">{issue.assignedTo?.name ?? '–'}</span>
    </div>
  );
}

function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}
