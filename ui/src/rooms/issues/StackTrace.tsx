// The stack of each exception: what is of the program is shown, the rest folded; raw for copying.
import {useState} from 'react';
import type {ReactElement} from 'react';
import {choice} from '../../base/choices.ts';
import {formatCount} from '../../base/numbers.ts';
import {useStore} from '../../base/store.ts';
import {foldFrames, placeOf, rawStack} from '../../model/stack.ts';
import type {Frame, Thrown} from '../../model/stack.ts';
import {Button, CopyButton, Segments, Tag} from '../../widgets/Button.tsx';

type Look = 'folded' | 'full' | 'raw';
const lookChoice = choice('stack-look', 'folded');
const LOOKS: readonly (readonly [Look, string])[] = [['folded', 'In app'], ['full', 'All frames'], ['raw', 'Raw']];

export function StackTrace({thrown}: {readonly thrown: readonly Thrown[]}): ReactElement {
  const chosen = useStore(lookChoice);
  const look = LOOKS.find(([name]) => name === chosen)?.[0] ?? 'folded';
  return (
    <section className="issue-part" aria-label="Stack trace">
      <header className="part-head">
        <h2>Stack trace</h2>
        <Segments label="How the stack is shown" value={look} choices={LOOKS} onChoose={name => lookChoice.set(name)} />
        <CopyButton what="the stack trace" text={rawStack(thrown)} />
      </header>
      {look === 'raw' ? <pre className="code" tabIndex={0}>{rawStack(thrown)}</pre> : thrown.map((each, at) => <Exception key={at} thrown={each} isCause={at > 0} isFull={look === 'full'} />)}
    </section>
  );
}

function Exception({thrown, isCause, isFull}: {readonly thrown: Thrown; readonly isCause: boolean; readonly isFull: boolean}): ReactElement {
  const groups = isFull ? thrown.frames.map(frame => ({isInApp: true, frames: [frame]})) : foldFrames(thrown.frames);
  return (
    <div className="exception">
      <p className="exception-head">
        {isCause && <span className="quiet">caused by </span>}
        <b>{thrown.type}</b> <span className="wrap">{thrown.value}</span>
        {thrown.mechanism !== '' && <Tag>{thrown.mechanism}</Tag>}
        {thrown.isHandled === false && <Tag tone="error">unhandled</Tag>}
      </p>
      {thrown.frames.length === 0 && <p className="second small">No stack came with it.</p>}
      <ol className="frames">
        {groups.map((group, at) => (group.isInApp && group.frames[0] ? <FrameRow key={at} frame={group.frames[0]} isFirst={at === 0} /> : <Folded key={at} frames={group.frames} />))}
      </ol>
    </div>
  );
}

function Folded({frames}: {readonly frames: readonly Frame[]}): ReactElement {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <>{frames.map((frame, at) => <FrameRow key={at} frame={frame} isFirst={false} />)}</>;
  return (
    <li className="folded">
      <Button look="quiet" onClick={() => setOpen(true)}>{formatCount(frames.length)} {frames.length === 1 ? 'frame' : 'frames'} of libraries</Button>
    </li>
  );
}

function FrameRow({frame, isFirst}: {readonly frame: Frame; readonly isFirst: boolean}): ReactElement {
  const [isOpen, setOpen] = useState(isFirst);
  const hasMore = frame.source.length > 0 || frame.variables.length > 0;
  const head = (
    <>
      <span className="mono frame-function">{frame.function || '<anonymous>'}</span>
      <span className="second cut frame-place" title={placeOf(frame)}>{placeOf(frame)}</span>
      {frame.isInApp && <Tag tone="info">in app</Tag>}
    </>
  );
  return (
    <li className={frame.isInApp ? 'frame own' : 'frame'}>
      {hasMore ? <button type="button" className="frame-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{head}</button> : <div className="frame-head">{head}</div>}
      {isOpen && frame.source.length > 0 && (
        <div className="code frame-source" tabIndex={0} role="region" aria-label={`Source of ${placeOf(frame)}`}>
          {frame.source.map(({line, text}) => (
            <div key={line} className={line === frame.line ? 'line failed' : 'line'}><b>{line}</b><span>{text === '' ? ' ' : text}</span></div>
          ))}
        </div>
      )}
      {isOpen && frame.variables.length > 0 && (
        <dl className="pairs frame-variables">
          {frame.variables.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
        </dl>
      )}
    </li>
  );
}
