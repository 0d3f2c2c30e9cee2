// A chart of lines over time: drawn when its library has come, readable as a table at once.
import {lazy, Suspense, useMemo, useState} from 'react';
import type {ReactElement} from 'react';
import {Button} from './Button.tsx';
import {slotOfLine, topLines} from './chart_data.ts';
import type {ChartLine, ChartProps} from './chart_data.ts';

const ChartCanvas = lazy(() => import('./ChartCanvas.tsx'));
const HEIGHT_PX = 180;

export function Chart(props: ChartProps): ReactElement {
  const [isTable, setTable] = useState(false);
  const lines = useMemo(() => topLines(props.lines), [props.lines]);
  return (
    <figure className="chart">
      <div className="row">
        <h3>{props.name}</h3>
        <span className="grow" />
        {lines.length > 1 && <Legend lines={lines} />}
        <Button look="quiet" isPressed={isTable} onClick={() => setTable(before => !before)}>Table</Button>
      </div>
      {isTable ? (
        <ChartTable {...props} />
      ) : (
        <Suspense fallback={<div style={{height: props.heightPx ?? HEIGHT_PX}} />}>
          <ChartCanvas {...props} lines={lines} heightPx={props.heightPx ?? HEIGHT_PX} />
        </Suspense>
      )}
    </figure>
  );
}

function Legend({lines}: {readonly lines: readonly ChartLine[]}): ReactElement {
  return (
    <span className="chart-legend small">
      {lines.map((line, at) => line.isUnnamed ? null : (
        <span key={line.name} className="row"><i className="swatch" style={{background: colourOf(line, at)}} />{line.name}</span>
      ))}
    </span>
  );
}

function colourOf(line: ChartLine, at: number): string {
  if (line.isOther) return 'var(--chart-muted)';
  if (line.slot === undefined && at === 0) return 'var(--chart-1)';
  return `var(--svc-${line.slot ?? slotOfLine(at)})`;
}

/** All lines, also those that the drawing sums. */
function ChartTable({name, timesMs, lines, format, heightPx}: ChartProps): ReactElement {
  return (
    <div className="chart-table" style={{maxHeight: heightPx ?? HEIGHT_PX}} tabIndex={0} role="region" aria-label={`${name} as a table`}>
      <table>
        <thead><tr><th scope="col">Time, UTC</th>{lines.map(line => <th key={line.name} scope="col" className="right">{line.name}</th>)}</tr></thead>
        <tbody>
          {timesMs.map((time, at) => (
            <tr key={time}>
              <th scope="row">{new Date(time).toISOString().slice(0, 19).replace('T', ' ')}</th>
              {lines.map(line => {
                const value = line.values[at];
                return <td key={line.name} className="right">{value === null || value === undefined ? '–' : format(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
