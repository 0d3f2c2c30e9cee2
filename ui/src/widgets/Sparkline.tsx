// Numbers by time as grey bars, each on a scale of its own from zero.
import type {ReactElement} from 'react';
import {formatCount} from '../base/numbers.ts';

const WIDTH = 112;
const HEIGHT = 20;

export function Sparkline({counts, what = 'events'}: {readonly counts: readonly number[]; readonly what?: string}): ReactElement {
  const largest = Math.max(0, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <svg className="sparkline" width={WIDTH} height={HEIGHT} role="img" aria-label={`${formatCount(total)} ${what}, at most ${formatCount(largest)} in a step`}>
      {counts.map((count, at) => {
        const height = count === 0 ? 0 : Math.max(1.5, (count / Math.max(1, largest)) * (HEIGHT - 2));
        return <rect key={at} x={at * step} y={HEIGHT - 1 - height} width={Math.max(1, step - 1)} height={height} />;
      })}
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
    </svg>
  );
}
