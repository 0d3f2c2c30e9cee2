// Search inside, filter, and what is drawn.
import {useEffect, useState} from 'react';
import type {ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';
import {useStore} from '../../base/store.ts';
import {Button, Key} from '../../widgets/Button.tsx';
import {Icon} from '../../widgets/Icon.tsx';
import {useSetSearch} from '../../widgets/use_scope.ts';
import type {TraceView} from './trace_view.ts';

type Props = {
  readonly view: TraceView;
  readonly shown: string;
  readonly find: string;
  readonly filter: string;
  readonly onSelect: (span: number) => void;
};

const QUIET_MS = 150;

export function TraceBar({view, shown, find, filter, onSelect}: Props): ReactElement {
  const setSearch = useSetSearch();
  const hits = useStore(view.hits);
  const row = useStore(view.row);
  const flags = useStore(view.flags);
  const fault = useStore(view.filterFault);
  const isGrouped = useStore(view.choice).isGrouped;
  const at = hits.indexOf(view.rows.get().span[row] ?? -1);
  const goTo = (span: number): void => {
    if (span < 0) return;
    view.reveal(span);
    onSelect(span);
  };
  const drawsBars = shown === 'waterfall';
  return (
    <div className="bar trace-bar">
      <div className="trace-find">
        <Icon name="search" />
        <TypedBox name="Search in the trace" value={find} isQuery onType={text => setSearch({find: text}, {replace: true})} onEnter={isBack => goTo(view.nextHit(isBack ? -1 : 1))} placeholder="Search in the trace" />
        {find !== '' && <span className="quiet small" role="status">{at >= 0 ? `${formatCount(at + 1)} of ` : ''}{formatCount(hits.length)}</span>}
        {find !== '' && <Key>n</Key>}
      </div>
      <div className="trace-filter">
        <TypedBox name="Filter spans" value={filter} onType={text => setSearch({filter: text}, {replace: true})} placeholder="Filter: service:api status:error duration:>4ms" isWrong={fault !== ''} />
        {filter !== '' && <Button look="quiet" aria-label="Remove the filter" onClick={() => setSearch({filter: ''}, {replace: true})}><Icon name="close" /></Button>}
        {fault !== '' && <p className="trace-fault" role="alert">{fault}</p>}
      </div>
      <span className="grow" />
      {drawsBars && (
        <>
          <Button isPressed={flags.isPathShown} onClick={() => view.flags.set(before => ({...before, isPathShown: !before.isPathShown}))}>Critical path <Key>p</Key></Button>
          <Button isPressed={flags.areLogsShown} onClick={() => view.flags.set(before => ({...before, areLogsShown: !before.areLogsShown}))}>Logs</Button>
          <Button isPressed={isGrouped} onClick={() => view.setGrouped(!isGrouped)}>Group alike</Button>
        </>
      )}
      <Button onClick={() => goTo(view.nextError())}>Next error <Key>!</Key></Button>
      {drawsBars && (
        <div className="segments" role="group" aria-label="Depth">
          <Button onClick={() => view.setDepth(1)} aria-label="Fold all">−</Button>
          <Button onClick={() => view.setDepth(Number.POSITIVE_INFINITY)} aria-label="Unfold all">+</Button>
        </div>
      )}
    </div>
  );
}

type BoxProps = {
  readonly name: string;
  readonly value: string;
  readonly placeholder: string;
  readonly isQuery?: boolean;
  readonly isWrong?: boolean;
  readonly onType: (text: string) => void;
  readonly onEnter?: (isBack: boolean) => void;
};

/** A box that tells what was typed after a moment of quiet. */
function TypedBox({name, value, placeholder, isQuery, isWrong, onType, onEnter}: BoxProps): ReactElement {
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  if (value !== told) {
    setTold(value);
    setText(value);
  }
  useEffect(() => {
    if (text === told) return undefined;
    const timer = setTimeout(() => {
      setTold(text);
      onType(text);
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [text, told, onType]);
  return (
    <input
      className="field"
      aria-label={name}
      aria-invalid={isWrong ?? false}
      placeholder={placeholder}
      value={text}
      spellCheck={false}
      autoComplete="off"
      {...(isQuery ? {'data-query': ''} : {})}
      onChange={event => setText(event.target.value)}
      onKeyDown={event => {
        if (event.key === 'Enter') onEnter?.(event.shiftKey);
        if (event.key === 'Escape') document.querySelector<HTMLElement>('[data-waterfall]')?.focus();
      }}
    />
  );
}
