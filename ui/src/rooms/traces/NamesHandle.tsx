// The line between names and bars, which can be moved; its place is remembered.
import type {KeyboardEvent, PointerEvent, ReactElement} from 'react';
import {choice} from '../../base/choices.ts';
import {useStore} from '../../base/store.ts';

const WIDTH_MIN = 240;
const WIDTH_DEFAULT = 432;
const STEP = 16;
const remembered = choice('trace-names', String(WIDTH_DEFAULT));

export function useNamesWidth(): number {
  const width = Number(useStore(remembered)) || WIDTH_DEFAULT;
  const room = globalThis.innerWidth;
  return room <= 700 ? Math.round(room * 0.58) : Math.min(Math.max(WIDTH_MIN, width), Math.round(room / 2));
}

export function NamesHandle(): ReactElement {
  const width = useNamesWidth();
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = {ArrowLeft: -STEP, ArrowRight: STEP}[event.key];
    if (by === undefined) return;
    event.preventDefault();
    remembered.set(String(width + by));
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
    remembered.set(String(Math.max(WIDTH_MIN, Math.round(event.clientX - left))));
  };
  return (
    <div
      className="wf-handle"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the names"
      aria-valuemin={WIDTH_MIN}
      aria-valuemax={Math.round(globalThis.innerWidth / 2)}
      aria-valuenow={width}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  );
}
