// Logs as lines in mono; a line opens to everything that was kept with it.
import {useQuery} from '@tanstack/react-query';
import {useVirtualizer} from '@tanstack/react-virtual';
import {useRef, useState} from 'react';
import type {ReactElement} from 'react';
import {slotOf} from '../../base/service_slots.ts';
import {CopyButton} from '../../widgets/Button.tsx';
import {levelOf, LevelMark} from '../../widgets/Icon.tsx';
import {Link} from '../../widgets/Link.tsx';
import {useScope} from '../../widgets/use_scope.ts';
import {attributeKeysQuery} from '../../wire/attributes.ts';
import {tableQuery, textOf} from '../../wire/events_table.ts';
import {useOrganization} from '../../wire/session.ts';
import type {Json} from '../../wire/schema.ts';

const LINE_PX = 24;
/** As many columns as one question may have. */
const FIELDS_MAX = 50;
const OWN_FIELDS = ['timestamp', 'severity', 'message', 'message.template', 'service', 'logger', 'environment', 'release', 'user.id', 'trace', 'span_id', 'id'];
type Row = Readonly<Record<string, Json>>;

export function LogLines({rows, label = 'Logs'}: {readonly rows: readonly Row[]; readonly label?: string}): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const keyOf = (at: number): string => textOf(rows[at]?.['id']) || String(at);
  const virtual = useVirtualizer({count: rows.length, getScrollElement: () => place.current, estimateSize: () => LINE_PX, getItemKey: keyOf, overscan: 20});
  const toggle = (key: string): void =>
    setOpen(before => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return (
    <div ref={place} className="scroll log-lines" tabIndex={0} role="region" aria-label={label}>
      <ol style={{height: virtual.getTotalSize()}}>
        {virtual.getVirtualItems().map(item => {
          const row = rows[item.index] ?? {};
          const key = String(item.key);
          return (
            <li key={key} ref={virtual.measureElement} data-index={item.index} style={{transform: `translateY(${item.start}px)`}}>
              <Line row={row} isOpen={open.has(key)} onToggle={() => toggle(key)} />
              {open.has(key) && <Attributes row={row} />}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Line({row, isOpen, onToggle}: {readonly row: Row; readonly isOpen: boolean; readonly onToggle: () => void}): ReactElement {
  const service = textOf(row['service']);
  const severity = textOf(row['severity']);
  return (
    <button type="button" className="log-line" aria-expanded={isOpen} onClick={onToggle}>
      <span className="second log-time">{textOf(row['timestamp']).slice(11, 23)}</span>
      <LevelMark level={levelOf(severity)} title={severity || 'no level'} />
      <span className="log-service cut"><span className={`swatch slot-${slotOf(service)}`} /> {service}</span>
      <span className={isOpen ? 'log-message' : 'log-message cut'}>{textOf(row['message'])}</span>
    </button>
  );
}

function Attributes({row}: {readonly row: Row}): ReactElement {
  const organization = useOrganization();
  const scope = useScope();
  const id = textOf(row['id']);
  const keys = useQuery(attributeKeysQuery(organization, scope, 'logs'));
  const names = (keys.data ?? []).filter(each => each.attributeSource.source_type === 'user').map(each => each.key);
  const fields = [...new Set([...OWN_FIELDS, ...names])].slice(0, FIELDS_MAX);
  const found = useQuery({...tableQuery(organization, scope, {dataset: 'logs', fields, query: `id:${id}`, perPage: 1}), enabled: keys.data !== undefined && id !== ''});
  const seen = found.data?.rows[0] ?? row;
  const trace = textOf(row['trace']);
  const shown = fields.filter(field => textOf(seen[field]) !== '');
  return (
    <div className="log-open">
      <div className="row">
        {/[1-9a-f]/.test(trace) && <Link className="button" to={`/traces/${encodeURIComponent(trace)}`} search={{span: textOf(row['span_id'])}}>Open the trace</Link>}
        <CopyButton what="the line" label="Copy" text={JSON.stringify(Object.fromEntries(shown.map(field => [field, seen[field]])), null, 2)} />
        {found.isError && <span className="small" role="alert">Its attributes could not be read: {found.error.message}</span>}
        {names.length > FIELDS_MAX - OWN_FIELDS.length && <span className="small quiet">The {FIELDS_MAX - OWN_FIELDS.length} most frequent of {names.length} attributes were looked for.</span>}
      </div>
      <dl className="pairs">
        {shown.map(field => [<dt key={`${field} name`}>{field}</dt>, <dd key={field}>{textOf(seen[field])}</dd>])}
      </dl>
    </div>
  );
}
