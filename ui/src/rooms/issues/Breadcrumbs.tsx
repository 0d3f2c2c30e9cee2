// What happened before: newest first, searched and filtered by category.
import {useMemo, useState} from 'react';
import type {ReactElement} from 'react';
import {formatClock, formatCount} from '../../base/numbers.ts';
import {listOf, objectOf, textOf} from '../../model/stack.ts';
import {LevelMark, levelOf} from '../../widgets/Icon.tsx';
import type {EventForm, Json} from '../../wire/schema.ts';

const SHOWN_FIRST = 30;

export function Breadcrumbs({event}: {readonly event: EventForm}): ReactElement | null {
  const [text, setText] = useState('');
  const [isWhole, setWhole] = useState(false);
  const crumbs = useMemo(() => listOf(event.entries.find(each => each.type === 'breadcrumbs')?.data['values']).map(objectOf).reverse(), [event]);
  const wanted = useMemo(() => {
    const words = text.trim().toLowerCase();
    return words === '' ? crumbs : crumbs.filter(crumb => JSON.stringify(crumb).toLowerCase().includes(words));
  }, [crumbs, text]);
  if (crumbs.length === 0) return null;
  const shown = isWhole ? wanted : wanted.slice(0, SHOWN_FIRST);
  return (
    <section className="issue-part" aria-label="Breadcrumbs">
      <header className="part-head">
        <h2>Breadcrumbs</h2>
        <input className="field" aria-label="Search breadcrumbs" placeholder="text, category, level" value={text} onChange={change => setText(change.target.value)} />
        <span className="second small">{formatCount(shown.length)} of {formatCount(crumbs.length)}</span>
      </header>
      <ul className="crumbs">
        {shown.map((crumb, at) => (
          <li key={at}>
            <LevelMark level={levelOf(textOf(crumb['level']) || 'info')} />
            <span className="mono quiet">{formatClock(textOf(crumb['timestamp']), {isUtc: true, digits: 3})}</span>
            <span className="second cut">{textOf(crumb['category']) || textOf(crumb['type'])}</span>
            <span className="wrap">{textOf(crumb['message'])} {dataOf(crumb['data'])}</span>
          </li>
        ))}
      </ul>
      {shown.length < wanted.length && <button type="button" className="button quiet" onClick={() => setWhole(true)}>Show all {formatCount(wanted.length)}</button>}
    </section>
  );
}

function dataOf(data: Json | undefined): ReactElement | null {
  const pairs = Object.entries(objectOf(data));
  if (pairs.length === 0) return null;
  return <span className="mono second">{pairs.map(([name, value]) => `${name}=${textOf(value)}`).join(' ')}</span>;
}
