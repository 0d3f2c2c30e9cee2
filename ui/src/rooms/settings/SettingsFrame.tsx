// The frame of every page of settings: its tabs, one scroller, a foot.
import type {ReactElement, ReactNode} from 'react';
import {Link} from '../../widgets/Link.tsx';
import {Foot} from '../../widgets/States.tsx';
import './settings.css';

const TABS: readonly (readonly [to: string, title: string])[] = [
  ['/settings', 'Projects'],
  ['/settings/people', 'People'],
  ['/settings/tokens', 'API tokens'],
  ['/settings/outcomes', 'Outcomes'],
  ['/settings/server', 'Server'],
];

export function SettingsFrame({foot, children}: {readonly foot?: ReactNode; readonly children: ReactNode}): ReactElement {
  return (
    <div className="page">
      <nav className="tabs titled" aria-label="Settings">
        <h1>Settings</h1>
        {TABS.map(([to, title]) => <Link key={to} to={to}>{title}</Link>)}
      </nav>
      <div className="scroll settings" tabIndex={0} role="region" aria-label="Settings">{children}</div>
      <Foot>{foot}</Foot>
    </div>
  );
}
