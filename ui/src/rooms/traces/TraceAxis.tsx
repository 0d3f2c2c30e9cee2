// The axis over the bars: round steps as cells of the time rule, labels in the unit that fits.
import type {ReactElement} from 'react';
import {formatDuration} from '../../base/numbers.ts';
import {decimalStep} from '../../base/round_steps.ts';
import {useStore} from '../../base/store.ts';
import {PAD_LEFT, PAD_RIGHT} from './trace_measures.ts';
import type {TraceView} from './trace_view.ts';

const STEPS = 6;
const STEPS_NARROW = 2;

export function TraceAxis({view}: {readonly view: TraceView}): ReactElement {
  const {from, to} = useStore(view.window);
  const step = decimalStep(to - from, globalThis.innerWidth <= 700 ? STEPS_NARROW : STEPS);
  const ticks: number[] = [];
  for (let tick = Math.floor(from / step) * step; tick < to; tick += step / 2) ticks.push(tick);
  const place = (time: number): string => `${(((Math.min(to, Math.max(from, time)) - from) / (to - from)) * 100).toFixed(3)}%`;
  const width = (tick: number): string => `${(((Math.min(to, tick + step / 2) - Math.max(from, tick)) / (to - from)) * 100).toFixed(3)}%`;
  return (
    <div className="wf-axis" aria-hidden="true" style={{paddingLeft: PAD_LEFT, paddingRight: PAD_RIGHT}}>
      <svg>
        {ticks.map(tick => {
          if (tick + step / 2 <= from) return null;
          const isWhole = Math.abs(tick / step - Math.round(tick / step)) < 1e-6;
          return (
            <g key={tick}>
              <rect className={isWhole ? 'dark' : 'light'} x={place(tick)} y="20" height="4" width={width(tick)} />
              {isWhole && tick >= from && <text className="axis" x={place(tick)} dx="4" y="13">{formatDuration(tick)}</text>}
            </g>
          );
        })}
        <rect className="frame" x="0" y="20" height="4" width="100%" />
      </svg>
    </div>
  );
}
