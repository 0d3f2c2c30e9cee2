// The scope of the page (projects, environment, time), kept in the address.
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useCallback, useMemo} from 'react';
import {readScope, SCOPE_NAMES, writeScope} from '../base/scope.ts';
import type {Scope} from '../base/scope.ts';
import type {SearchRecord} from '../base/search_record.ts';

/** What the address says after "?". */
export function useSearchRecord(): SearchRecord {
  return useSearch({strict: false}) as SearchRecord;
}

export function useScope(): Scope {
  const search = useSearchRecord();
  return useMemo(() => readScope(search), [search]);
}

/** Changes parameters of the address and keeps the others; empty ones are left out. */
export function useSetSearch(): (change: SearchRecord, options?: {readonly replace?: boolean}) => void {
  const navigate = useNavigate();
  return useCallback(
    (change, options) => {
      void navigate({
        to: '.',
        search: ((before: SearchRecord) => ({...before, ...change})) as never,
        replace: options?.replace ?? false,
      });
    },
    [navigate],
  );
}

export function useSetScope(): (scope: Scope) => void {
  const setSearch = useSetSearch();
  return useCallback(
    scope => {
      const cleared = Object.fromEntries(SCOPE_NAMES.map(name => [name, '']));
      setSearch({...cleared, ...writeScope(scope)});
    },
    [setSearch],
  );
}

/** The part of the address that links to other pages keep. */
export function useScopeSearch(): SearchRecord {
  const search = useSearchRecord();
  return useMemo(
    () => Object.fromEntries(SCOPE_NAMES.flatMap(name => (search[name] === undefined ? [] : [[name, search[name]]]))),
    [search],
  );
}
