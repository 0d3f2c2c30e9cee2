// The query box on CodeMirror: one line, coloured keys, completion, a wavy line where it is wrong.
import {autocompletion, completionKeymap, closeBrackets, startCompletion} from '@codemirror/autocomplete';
import type {CompletionContext, CompletionResult} from '@codemirror/autocomplete';
import {defaultKeymap, history, historyKeymap} from '@codemirror/commands';
import {EditorState, Prec, StateEffect, StateField} from '@codemirror/state';
import type {Extension} from '@codemirror/state';
import {Decoration, EditorView, keymap, MatchDecorator, placeholder, ViewPlugin} from '@codemirror/view';
import type {DecorationSet, ViewUpdate} from '@codemirror/view';
import {useEffect, useId, useRef} from 'react';
import type {ReactElement, RefObject} from 'react';
import {placeInQuery} from '../base/query_place.ts';
import type {QueryBoxProps} from './query_box_props.ts';
import './query_box.css';

export default function QueryEditor(props: QueryBoxProps): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  const said = useId();
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const made = new EditorView({
      state: EditorState.create({doc: latest.current.query, selection: {anchor: latest.current.query.length}, extensions: extensionsFor(latest, said)}),
      ...(place.current ? {parent: place.current} : {}),
    });
    view.current = made;
    return () => made.destroy();
  }, [said]);
  const position = props.wrong?.position;
  useEffect(() => {
    view.current?.dispatch({effects: markWrong.of(position ?? null)});
  }, [position]);
  return (
    <div className="query-place">
      <div ref={place} className={props.wrong ? 'query-editor wrong' : 'query-editor'} />
      <p id={said} className="query-said small" role="status">{props.wrong?.message ?? ''}</p>
    </div>
  );
}

const markWrong = StateEffect.define<number | null>();
const wrongPart = Decoration.mark({class: 'query-wrong'});

/** Gone as soon as something is written: it was said about another text. */
const wrongMark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, change) => {
    const told = change.effects.find(each => each.is(markWrong));
    if (told) return told.value === null ? Decoration.none : partAt(change.state.doc.toString(), told.value as number);
    return change.docChanged ? Decoration.none : marks;
  },
  provide: field => EditorView.decorations.from(field),
});

function partAt(text: string, position: number): DecorationSet {
  if (text === '') return Decoration.none;
  const from = Math.min(position, text.length - 1);
  const rest = /^\S+/.exec(text.slice(from))?.[0].length ?? 1;
  return Decoration.set([wrongPart.range(from, from + rest)]);
}

const keyWords = new MatchDecorator({regexp: /!?[\w.-]+(?:\[[^\]]*\])?:|\b(?:AND|OR)\b|[()]/g, decoration: Decoration.mark({class: 'query-key'})});
const colours = ViewPlugin.define(
  view => ({
    decorations: keyWords.createDeco(view),
    update(change: ViewUpdate) {
      this.decorations = keyWords.updateDeco(change, this.decorations);
    },
  }),
  {decorations: plugin => plugin.decorations},
);

function extensionsFor(latest: RefObject<QueryBoxProps>, said: string): Extension {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  return [
    nonce === '' ? [] : EditorView.cspNonce.of(nonce),
    EditorState.transactionFilter.of(change => (change.newDoc.lines > 1 ? [] : [change])),
    EditorView.contentAttributes.of({'aria-label': 'Query', 'aria-multiline': 'false', 'aria-describedby': said, 'data-query': '', tabindex: '0', spellcheck: 'false', autocapitalize: 'off'}),
    EditorView.updateListener.of(change => {
      if (change.docChanged) latest.current.onWrite?.(change.state.doc.toString());
    }),
    history(),
    closeBrackets(),
    // Who types fast and presses Enter at once means the suggestion that is there.
    autocompletion({override: [context => complete(context, latest)], icons: false, activateOnTyping: true, closeOnBlur: true, interactionDelay: 0}),
    wrongMark,
    colours,
    placeholder(latest.current.placeholder),
    // Enter takes a suggestion when a list is open, and asks otherwise.
    keymap.of([
      ...completionKeymap,
      {key: 'Enter', run: view => ask(view, latest)},
      {key: 'Mod-Enter', run: view => ask(view, latest)},
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    Prec.lowest(keymap.of([{key: 'Escape', run: leave}])),
  ];
}

function ask(view: EditorView, latest: RefObject<QueryBoxProps>): boolean {
  latest.current.onAsk(view.state.doc.toString().trim());
  return true;
}

function leave(view: EditorView): boolean {
  view.contentDOM.blur();
  return true;
}

async function complete(context: CompletionContext, latest: RefObject<QueryBoxProps>): Promise<CompletionResult | null> {
  const place = placeInQuery(context.state.doc.toString(), context.pos);
  if (place === null || (place.kind === 'key' && place.part === '' && !context.explicit)) return null;
  const found = await latest.current.suggest(place);
  if (context.aborted || found.length === 0) return null;
  const isKey = place.kind === 'key';
  return {
    from: place.from,
    filter: false,
    options: found.map(each => ({
      label: each.text,
      detail: each.note,
      apply: (view, _chosen, from, to) => {
        view.dispatch({changes: {from, to, insert: each.text}, selection: {anchor: from + each.text.length}, userEvent: 'input.complete'});
        if (isKey) startCompletion(view);
      },
    })),
  };
}
