// The head that the pages of services share: where one is, and the others.
import type {ReactElement} from 'react';
import {rangeMs} from '../../base/scope.ts';
import {Link} from '../../widgets/Link.tsx';
import {TimeRule} from '../../widgets/TimeRule.tsx';
import {useScope} from '../../widgets/use_scope.ts';

export function ServicesHead(): ReactElement {
  const scope = useScope();
  const nowMs = Math.ceil(Date.now() / 60_000) * 60_000;
  const [startMs, endMs] = rangeMs(scope.range, nowMs);
  return (
    <>
      <TimeRule startMs={startMs} endMs={endMs} />
      <nav className="tabs titled" aria-label="Views of services">
        <h1>Services</h1>
        <Link to="/services">All</Link>
        <Link to="/services/map">Map</Link>
        <Link to="/services/databases">Databases</Link>
        <Link to="/services/queues">Queues</Link>
      </nav>
    </>
  );
}
