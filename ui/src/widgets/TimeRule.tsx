// The time rule: alternating cells of equal time, one round unit each, over a range of time.
import {useMemo} from 'react';
import type {ReactElement} from 'react';
import {roundSteps} from '../base/round_steps.ts';

const CELLS = 12;

export function TimeRule({startMs, endMs}: {readonly startMs: number; readonly endMs: number}): ReactElement {
  const {cells, stepMs} = useMemo(() => roundSteps(startMs, endMs, CELLS), [startMs, endMs]);
  const span = Math.max(1, endMs - startMs);
  const place = (ms: number): string => `${(((ms - startMs) / span) * 100).toFixed(3)}%`;
  return (
    <div className="time-rule" aria-hidden="true">
      <svg>
        {cells.map((cell, at) => {
          const from = Math.max(cell, startMs);
          const to = Math.min(cell + stepMs, endMs);
          if (to <= from) return null;
          const width = `${(((to - from) / span) * 100).toFixed(3)}%`;
          const isDark = Math.round(cell / stepMs) % 2 === 0;
          return (
            <g key={cell}>
              <rect x={place(from)} y="22" width={width} height="4" className={isDark ? 'dark' : 'light'} />
              {at % 2 === 0 && cell >= startMs && <text x={place(cell)} dx="6" y="14">{labelOf(cell, stepMs)}</text>}
            </g>
          );
        })}
        <rect x="0" y="22" width="100%" height="4" className="frame" />
      </svg>
    </div>
  );
}

function labelOf(ms: number, stepMs: number): string {
  const iso = new Date(ms).toISOString();
  if (stepMs >= 86_400_000) return iso.slice(5, 10);
  return stepMs >= 60_000 ? iso.slice(11, 16) : iso.slice(11, 19);
}
