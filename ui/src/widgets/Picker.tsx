// A button that names a field and its value, and opens a list to choose from.
import {lazy, Suspense, useRef, useState} from 'react';
import type {ReactElement} from 'react';
import type {PickerProps} from './picker_props.ts';

// Lists float, and what floats is heavy: it comes when it is first needed.
const PickerPopup = lazy(() => import('./PickerPopup.tsx'));

export function Picker(props: PickerProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const open = (): void => {
    props.onOpen?.();
    setOpen(true);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={props.isAll ? 'picker is-all' : 'picker'}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        onClick={open}
        onPointerEnter={() => void import('./PickerPopup.tsx')}
      >
        {/* The space is for the name: both words are what a screen reader says. */}
        <span className="label">{props.label}</span>{' '}
        <span className="cut">{props.shown}</span>
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <PickerPopup {...props} anchor={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
