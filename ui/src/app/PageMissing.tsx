// What an address that leads nowhere shows.
import {useLocation} from '@tanstack/react-router';
import type {ReactElement} from 'react';
import {Link} from '../widgets/Link.tsx';
import {Empty} from '../widgets/States.tsx';

export function PageMissing(): ReactElement {
  const {pathname} = useLocation();
  return (
    <Empty title="There is no page at this address">
      <p className="mono cut">{pathname}</p>
      <p>The link may come from another version. <Link to="/">Go to the start page</Link>.</p>
    </Empty>
  );
}
