// A button for what cannot be taken back: it asks first, in its own place, and says what will be gone.
import {useState} from 'react';
import type {ReactElement} from 'react';
import {Button} from '../../widgets/Button.tsx';

type Props = {
  readonly label: string;
  /** What it is about, for those who do not see the row: "Delete the key CI". */
  readonly name: string;
  readonly warning: string;
  readonly isBusy?: boolean;
  readonly onYes: () => void;
};

export function AskedButton({label, name, warning, isBusy, onYes}: Props): ReactElement {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) return <Button disabled={isBusy} aria-label={name} onClick={() => setAsked(true)}>{label}</Button>;
  const yes = (): void => {
    setAsked(false);
    onYes();
  };
  return (
    <span className="asked" role="alertdialog" aria-label={name}>
      <span className="small">{warning}</span>
      <Button className="danger" onClick={yes}>{label}</Button>
      {/* The focus is where nothing happens: a second Enter destroys nothing. */}
      <Button autoFocus onClick={() => setAsked(false)}>Keep</Button>
    </span>
  );
}
