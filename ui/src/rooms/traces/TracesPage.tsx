// The search of traces.
import type {ReactElement} from 'react';
import {Empty} from '../../widgets/States.tsx';

export default function TracesPage(): ReactElement {
  return <Empty title="No traces match" />;
}
