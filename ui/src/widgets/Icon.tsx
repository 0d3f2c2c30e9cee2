// The icons, drawn on 16 × 16, and the marks of levels, drawn on 12 × 12.
import type {ReactElement} from 'react';

const PATHS = {
  issues: 'M3 3h10v10H3zM8 5.5v3M8 10.5v.2',
  traces: 'M2 3.5h8M5 8h7M9 12.5h5',
  explore: 'M2 13.5h12M3.5 10.5 6.5 6l3 3L13 3.5',
  services: 'M2.5 2.5h4v4h-4zM9.5 9.5h4v4h-4zM6.5 4.5h5v5',
  settings: 'M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M9 2.5h3v4H9zM4 9.5h3v4H4z',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.5 10.5 14 14',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  up: 'M3.5 10 8 5.5 12.5 10',
  close: 'M4 4l8 8M12 4l-8 8',
  tick: 'M3 8.5 6.5 12 13 4',
  plus: 'M8 3v10M3 8h10',
  start: 'M3 13V3h7l3 3v7z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({name, path}: {readonly name?: IconName; readonly path?: string}): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path ?? PATHS[name ?? 'search']} />
    </svg>
  );
}

export type Level = 'fatal' | 'error' | 'warning' | 'info' | 'debug' | 'ok';

/** Level has a shape: colour is never alone. */
export function LevelMark({level, title}: {readonly level: Level; readonly title?: string}): ReactElement {
  return (
    <svg className={`mark ${level}`} viewBox="0 0 12 12" role="img" aria-label={title ?? level}>
      {level === 'fatal' && <path d="M6 0 12 6 6 12 0 6Z" />}
      {level === 'error' && <path d="M1.5 1.5h9v9h-9z" />}
      {level === 'warning' && <path d="M6 1 11.6 11H.4Z" />}
      {(level === 'info' || level === 'debug') && <circle cx="6" cy="6" r="4" />}
      {level === 'ok' && <path d="M1.5 6.5 4.5 9.5 10.5 2.5" />}
    </svg>
  );
}

export function levelOf(text: string): Level {
  switch (text.toLowerCase()) {
    case 'fatal':
    case 'critical':
      return 'fatal';
    case 'warning':
    case 'warn':
      return 'warning';
    case 'info':
    case 'log':
      return 'info';
    case 'debug':
    case 'trace':
      return 'debug';
    case 'ok':
      return 'ok';
    default:
      return 'error';
  }
}

export function Brand(): ReactElement {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M2.5 7 10 15.5 17.5 7" fill="none" stroke="var(--accent)" strokeWidth="2.5" />
      <path d="M8.5 3h3v5h-3z" fill="var(--accent)" />
    </svg>
  );
}
