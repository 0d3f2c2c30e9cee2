// A link to another page that keeps the scope: project, environment and time.
import {Link as RouterLink} from '@tanstack/react-router';
import type {AnchorHTMLAttributes, ReactElement, ReactNode} from 'react';
import type {SearchRecord} from '../base/search_record.ts';
import {useScopeSearch} from './use_scope.ts';

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'target'> & {
  /** A path: every part that is data goes through encodeURIComponent. */
  readonly to: string;
  readonly search?: SearchRecord;
  /** Also current when a page below it is shown. */
  readonly isCurrentBelow?: boolean;
  readonly children: ReactNode;
};

export function Link({to, search, isCurrentBelow, children, ...rest}: Props): ReactElement {
  const scope = useScopeSearch();
  return (
    <RouterLink
      to={to}
      search={{...scope, ...search} as never}
      activeOptions={{exact: !isCurrentBelow, includeSearch: false}}
      activeProps={{'aria-current': 'page'}}
      {...rest}
    >
      {children}
    </RouterLink>
  );
}
