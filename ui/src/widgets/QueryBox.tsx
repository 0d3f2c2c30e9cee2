// The query box with completion and a mark where the query is wrong; a plain input until its library has come.
import {lazy, Suspense, useState} from 'react';
import type {ReactElement} from 'react';
import type {QueryBoxProps} from './query_box_props.ts';

const QueryEditor = lazy(() => import('./QueryEditor.tsx'));

/** Give it a key that changes with the query of the address: it holds what is being written. */
export function QueryBox(props: QueryBoxProps): ReactElement {
  return (
    <Suspense fallback={<PlainBox {...props} />}>
      <QueryEditor {...props} />
    </Suspense>
  );
}

function PlainBox({query, placeholder, onAsk}: QueryBoxProps): ReactElement {
  const [text, setText] = useState(query);
  return (
    <input
      className="field query-box"
      aria-label="Query"
      placeholder={placeholder}
      value={text}
      spellCheck={false}
      autoComplete="off"
      onChange={event => setText(event.target.value)}
      onKeyDown={event => {
        if (event.key === 'Enter') onAsk(text.trim());
      }}
    />
  );
}
