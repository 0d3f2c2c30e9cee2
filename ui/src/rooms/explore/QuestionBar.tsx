// What is shown of what was found: rows or groups, which figures, grouped by what, drawn how.
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';
import {Button, Segments} from '../../widgets/Button.tsx';
import {Picker} from '../../widgets/Picker.tsx';
import {useScope, useSetSearch} from '../../widgets/use_scope.ts';
import {attributeKeysQuery} from '../../wire/attributes.ts';
import {useOrganization} from '../../wire/session.ts';
import {TOP_CHOICES} from './explore_view.ts';
import type {ExploreView} from './explore_view.ts';

const ATTRIBUTES_OFFERED = 200;
const MODES: readonly (readonly ['rows' | 'groups', string])[] = [
  ['rows', 'Rows'],
  ['groups', 'Groups'],
];
const CHARTS: readonly (readonly ['lines' | 'heatmap', string])[] = [
  ['lines', 'Lines'],
  ['heatmap', 'Heatmap'],
];

export function QuestionBar({view}: {readonly view: ExploreView}): ReactElement {
  const setSearch = useSetSearch();
  const {dataset} = view;
  return (
    <div className="bar question-bar" role="group" aria-label="What is shown">
      <Segments label="Rows or groups" value={view.isGrouped ? 'groups' : 'rows'} choices={MODES} onChoose={name => setSearch({rows: name, cursor: '', sort: ''})} />
      <NamePicker label="Show" chosen={view.figures} known={dataset.figures} isAll={false} own="Own figure, such as p90(x)" onChoose={figure => setSearch({figure, sort: '', cursor: ''})} />
      <AttributePicker label="Group by" view={view} chosen={view.groupBy} first={dataset.groupBy} onChoose={by => setSearch({by, rows: by.length > 0 ? '' : 'rows', sort: '', cursor: ''})} />
      {!view.isGrouped && dataset.name !== 'logs' && (
        <AttributePicker label="Columns" view={view} chosen={view.columns} first={dataset.columns} onChoose={column => setSearch({column, cursor: ''})} />
      )}
      {view.groupBy.length > 0 && (
        <Picker label="Lines" shown={`top ${view.top}`} choices={TOP_CHOICES.map(each => ({value: String(each), text: `Top ${each}`}))} chosen={[String(view.top)]} onChoose={([top]) => setSearch({top: top ?? ''})} />
      )}
      <Button isPressed={view.isCompared} disabled={view.chart === 'heatmap'} onClick={() => setSearch({compare: view.isCompared ? '' : '1'})}>Period before</Button>
      {dataset.name === 'spans' && <Segments label="Chart" value={view.chart} choices={CHARTS} onChoose={name => setSearch({chart: name === 'lines' ? '' : name})} />}
    </div>
  );
}

type NamesProps = {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly onChoose: (names: readonly string[]) => void;
};

function AttributePicker({view, first, ...props}: NamesProps & {readonly view: ExploreView; readonly first: readonly string[]}): ReactElement {
  const [isAsked, setAsked] = useState(false);
  const scope = useScope();
  const keys = useQuery({...attributeKeysQuery(useOrganization(), scope, view.dataset.name), enabled: isAsked});
  const known = [...new Set([...first, ...(keys.data ?? []).map(each => each.key)])].slice(0, ATTRIBUTES_OFFERED);
  return <NamePicker {...props} known={known} isAll={props.chosen.length === 0} own="Other attribute" onOpen={() => setAsked(true)} />;
}

function NamePicker({label, chosen, known, isAll, own, onChoose, onOpen}: NamesProps & {readonly known: readonly string[]; readonly isAll: boolean; readonly own: string; readonly onOpen?: () => void}): ReactElement {
  const choices = [...new Set([...chosen, ...known])].map(each => ({value: each, text: each}));
  const [first, ...others] = chosen;
  return (
    <Picker
      label={label}
      shown={first === undefined ? 'nothing' : others.length > 0 ? `${first} + ${others.length}` : first}
      isAll={isAll}
      isMany
      choices={choices}
      chosen={chosen}
      onChoose={names => onChoose([...chosen.filter(each => names.includes(each)), ...names.filter(each => !chosen.includes(each))])}
      {...(onOpen ? {onOpen} : {})}
      footer={close => (
        <OwnName
          label={own}
          onName={name => {
            onChoose([...chosen, name]);
            close();
          }}
        />
      )}
    />
  );
}

function OwnName({label, onName}: {readonly label: string; readonly onName: (name: string) => void}): ReactElement {
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') onName(text.trim());
  };
  return (
    <form className="own-name" onSubmit={submit}>
      <input className="field mono" aria-label={label} placeholder={label} value={text} spellCheck={false} onChange={event => setText(event.target.value)} />
      <Button type="submit">Add</Button>
    </form>
  );
}
