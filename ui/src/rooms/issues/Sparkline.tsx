// Events by time as grey bars, each row on a scale of its own from zero.
import type {ReactElement} from 'react';
import {formatCount} from '../../base/numbers.ts';

const WIDTH = 112;
const HEIGHT = 20;

export function Sparkline({series}: {readonly series: readonly (readonly number[])[]}): ReactElement {
  const counts = series.map(([, count]) => count ?? 0);
  const most = Math.max(1, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <svg className="sparkline" width={WIDTH} height={HEIGHT} role="img" aria-label={`${formatCount(total)} events, at most ${formatCount(Math.max(0, ...counts))} in a step`}>
      {counts.map((count, at) => {
        const height = count === 0 ? 0 : Math.max(1.5, (count / most) * (HEIGHT - 2));
        return <rect key={at} x={at * step} y={HEIGHT - 1 - height} width={Math.max(1, step - 1)} height={height} />;
      })}
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
    </svg>
  );
}
