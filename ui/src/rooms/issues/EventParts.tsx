// The rest of an event: request, person, contexts, extra data, and notes about what was cut.
import type {ReactElement} from 'react';
import {objectOf, textOf} from '../../model/stack.ts';
import type {EventForm, Json} from '../../wire/schema.ts';

export function EventParts({event}: {readonly event: EventForm}): ReactElement {
  const request = objectOf(event.entries.find(each => each.type === 'request')?.data as Json | undefined);
  const user = objectOf(event.user as Json);
  const contexts = Object.entries(event.contexts);
  return (
    <>
      {Object.keys(request).length > 0 && <Pairs title="Request" values={request} />}
      {Object.values(user).some(value => value !== null && value !== '') && <Pairs title="User" values={user} />}
      {event.errors.length > 0 && <Pairs title="What could not be read" values={Object.fromEntries(event.errors.map((each, at) => [String(at + 1), each as Json]))} />}
      {contexts.map(([name, values]) => <Pairs key={name} title={name} values={objectOf(values)} />)}
      {Object.keys(event.context).length > 0 && <Pairs title="Extra" values={event.context} />}
      {Object.keys(event.packages).length > 0 && <Pairs title="Packages" values={event.packages} isClosed />}
    </>
  );
}

function Pairs({title, values, isClosed = false}: {readonly title: string; readonly values: Readonly<Record<string, Json>>; readonly isClosed?: boolean}): ReactElement | null {
  const pairs = Object.entries(values).filter(([, value]) => value !== null && value !== '');
  if (pairs.length === 0) return null;
  return (
    <details className="issue-part" open={!isClosed}>
      <summary><h2>{title}</h2></summary>
      <dl className="pairs">
        {pairs.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{shown(value)}</dd>])}
      </dl>
    </details>
  );
}

function shown(value: Json): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 1) : textOf(value);
}
