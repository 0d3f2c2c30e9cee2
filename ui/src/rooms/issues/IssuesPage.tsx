// The list of issues: search, saved views, and triage by keyboard.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {rangeMs} from '../../base/scope.ts';
import {oneOf} from '../../base/search_record.ts';
import {Button} from '../../widgets/Button.tsx';
import {Link} from '../../widgets/Link.tsx';
import {Empty, Failure, Foot, Loading} from '../../widgets/States.tsx';
import {TimeRule} from '../../widgets/TimeRule.tsx';
import {useScope, useSearchRecord, useSetSearch} from '../../widgets/use_scope.ts';
import {changeIssues, issueCountsQuery, issuesQuery} from '../../wire/issues.ts';
import type {IssueChange} from '../../wire/issues.ts';
import {useOrganization} from '../../wire/session.ts';
import {IssueRows} from './IssueRows.tsx';
import './issues.css';

const QUERY_DEFAULT = 'is:unresolved';
const VIEWS: readonly (readonly [title: string, query: string])[] = [
  ['Unresolved', QUERY_DEFAULT],
  ['For review', 'is:for_review'],
  ['Regressed', 'is:regressed'],
  ['Rising', 'is:escalating'],
  ['Mine', 'is:unresolved assigned:me'],
  ['Archived', 'is:archived'],
  ['Resolved', 'is:resolved'],
];
const SORTS: readonly (readonly [sort: string, title: string])[] = [
  ['date', 'Last seen'],
  ['new', 'First seen'],
  ['freq', 'Events'],
  ['user', 'Users'],
  ['trends', 'Trend'],
  ['priority', 'Priority'],
];

export default function IssuesPage(): ReactElement {
  const organization = useOrganization();
  const scope = useScope();
  const search = useSearchRecord();
  const setSearch = useSetSearch();
  const query = search['query'] === undefined ? QUERY_DEFAULT : oneOf(search, 'query');
  const sort = oneOf(search, 'sort') || 'date';
  const cursor = oneOf(search, 'cursor');
  const found = useQuery(issuesQuery(organization, scope, {query, sort, cursor}));
  const counts = useQuery(issueCountsQuery(organization, scope, VIEWS.map(([, each]) => each)));
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const change = useMutation({
    mutationFn: ({ids, to}: {readonly ids: readonly string[]; readonly to: IssueChange}) => changeIssues(organization, ids, to),
    onSuccess: async () => {
      setChosen(new Set());
      await queries.invalidateQueries({queryKey: ['issues']});
    },
  });
  const nowMs = Math.ceil((found.dataUpdatedAt || Date.now()) / 60_000) * 60_000;
  const [startMs, endMs] = rangeMs(scope.range, nowMs);
  const next = found.data?.next ?? '';
  // " " finds everything: an address without a query means the unresolved ones.
  const ask = (text: string): void => setSearch({query: text === '' ? ' ' : text, cursor: ''});
  return (
    <div className="page">
      <TimeRule startMs={startMs} endMs={endMs} />
      <nav className="tabs titled" aria-label="Saved searches">
        <h1>Issues</h1>
        {VIEWS.map(([title, each]) => (
          <button key={each} type="button" aria-current={each === query.trim() ? 'page' : undefined} onClick={() => ask(each)}>
            {title} {counts.data && <span className="count">{formatCount(counts.data[each] ?? 0)}</span>}
          </button>
        ))}
      </nav>
      <QueryForm key={query} query={query.trim()} sort={sort} onAsk={ask} />
      {change.isError && <Failure what="The issues were not changed" error={change.error} />}
      <div className="issue-list">
        {found.isError && <Failure what="Issues could not be searched" error={found.error} onRetry={() => void found.refetch()} />}
        {found.isPending && <Loading what="issues" rows={20} />}
        {found.data && !found.isError && found.data.issues.length === 0 && <NoIssues query={query.trim()} onAsk={ask} />}
        {found.data && !found.isError && found.data.issues.length > 0 && (
          <IssueRows issues={found.data.issues} chosen={chosen} onChoose={setChosen} onChange={(ids, to) => change.mutate({ids, to})} />
        )}
      </div>
      <Foot keys={[['j k', 'move'], ['x', 'select'], ['e', 'resolve'], ['i', 'archive'], ['a', 'take'], ['?', 'all keys']]}>
        {chosen.size > 0 ? (
          <Chosen ids={[...chosen]} isBusy={change.isPending} onChange={to => change.mutate({ids: [...chosen], to})} onClear={() => setChosen(new Set())} />
        ) : (
          found.data && <span><b>{formatCount(found.data.issues.length)}</b> of <b>{formatCount(found.data.total)}</b> shown</span>
        )}
        {next !== '' && <Button look="quiet" onClick={() => setSearch({cursor: next})}>Next page</Button>}
        {cursor !== '' && <Button look="quiet" onClick={() => setSearch({cursor: ''})}>First page</Button>}
      </Foot>
    </div>
  );
}

function QueryForm({query, sort, onAsk}: {readonly query: string; readonly sort: string; readonly onAsk: (text: string) => void}): ReactElement {
  const setSearch = useSetSearch();
  const [text, setText] = useState(query);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAsk(text.trim());
  };
  return (
    <form className="bar" onSubmit={submit} role="search">
      <input className="field query-box" aria-label="Query" data-query placeholder="is:unresolved level:error release:1.2 user.email:…, or text" value={text} spellCheck={false} autoComplete="off" onChange={event => setText(event.target.value)} />
      <Button look="primary" type="submit">Search</Button>
      <div className="segments" role="group" aria-label="Order">
        {SORTS.map(([name, title]) => <Button key={name} isPressed={name === sort} onClick={() => setSearch({sort: name === 'date' ? '' : name, cursor: ''})}>{title}</Button>)}
      </div>
    </form>
  );
}

function NoIssues({query, onAsk}: {readonly query: string; readonly onAsk: (text: string) => void}): ReactElement {
  if (query === '') return <Empty title="No issues in this time">Look at a longer time, or <Link to="/start">connect a project</Link>.</Empty>;
  return (
    <Empty title={query === QUERY_DEFAULT ? 'Nothing is unresolved in this time' : 'No issues match'}>
      <Button onClick={() => onAsk('')}>Show all issues</Button>
    </Empty>
  );
}

function Chosen({ids, isBusy, onChange, onClear}: {readonly ids: readonly string[]; readonly isBusy: boolean; readonly onChange: (to: IssueChange) => void; readonly onClear: () => void}): ReactElement {
  return (
    <span className="row">
      <b>{formatCount(ids.length)}</b> selected
      <Button disabled={isBusy} onClick={() => onChange({status: 'resolved'})}>Resolve</Button>
      <Button disabled={isBusy} onClick={() => onChange({status: 'ignored', substatus: 'archived_until_escalating'})}>Archive</Button>
      <Button disabled={isBusy} onClick={() => onChange({assignedTo: 'me'})}>Take</Button>
      {ids.length > 1 && <Button disabled={isBusy} onClick={() => onChange({merge: true})}>Merge</Button>}
      <Button look="quiet" onClick={onClear}>Clear</Button>
    </span>
  );
}
