// What stands where data is missing: nothing there, not yet there, not to be had.
import {useEffect, useState} from 'react';
import type {ReactElement, ReactNode} from 'react';
import {Button, CopyButton} from './Button.tsx';

/** Says what is missing, why, and one thing to do. */
export function Empty({title, children}: {readonly title: string; readonly children?: ReactNode}): ReactElement {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children !== undefined && <div className="state-text">{children}</div>}
    </div>
  );
}

/** Says what failed, what the server said, and what to do next; in the panel's place. */
export function Failure({what, error, onRetry}: {readonly what: string; readonly error: unknown; readonly onRetry?: () => void}): ReactElement {
  const said = error instanceof Error ? error.message : String(error);
  const asked = error instanceof Error && 'asked' in error ? String(error.asked) : '';
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  return (
    <div className="state failure" role="alert">
      <p className="state-title">{what}</p>
      <p className="state-text">{said}</p>
      <p className="state-text quiet">{nextStep(status)}</p>
      <div className="row">
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
        {asked !== '' && <CopyButton what="what was asked" label="Copy details" text={`${status} ${asked}\n${said}`} />}
      </div>
    </div>
  );
}

function nextStep(status: number): string {
  if (status === 0) return 'What you see elsewhere is what came before. Check that the server runs.';
  if (status === 400) return 'Nothing was changed. Correct what was asked.';
  if (status === 401) return 'Sign in again.';
  if (status === 403) return 'Your role does not allow this. Nothing was changed.';
  if (status === 404) return 'It may have been deleted, be older than what is kept, or belong to a project that you cannot see.';
  if (status >= 500) return 'Data that was taken in is safe. The server’s log says more.';
  return 'Nothing was changed.';
}

const PATIENCE_MS = 300;

/** For the first 300 ms nothing, then hairline rows in the final height; no shimmer. */
export function Loading({rows = 8, what}: {readonly rows?: number; readonly what: string}): ReactElement {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status" aria-label={`Loading ${what}`}>
      {isShown && Array.from({length: rows}, (_, row) => <div key={row} className="loading-row" />)}
    </div>
  );
}

/** The line under a page: counts left, keys right. */
export function Foot({children, keys}: {readonly children: ReactNode; readonly keys?: readonly (readonly [string, string])[]}): ReactElement {
  return (
    <footer className="foot">
      <div className="foot-counts" aria-live="polite">{children}</div>
      <div className="foot-keys" aria-hidden="true">
        {(keys ?? []).map(([key, does]) => (
          <span key={key}>{key.split(' ').map(each => <kbd className="key" key={each}>{each}</kbd>)}{does}</span>
        ))}
      </div>
    </footer>
  );
}
