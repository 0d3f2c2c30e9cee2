// Buttons, keys, tags and the copy button.
import {useState} from 'react';
import type {ButtonHTMLAttributes, ReactElement, ReactNode} from 'react';
import {Icon} from './Icon.tsx';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly look?: 'plain' | 'primary' | 'quiet';
  readonly isPressed?: boolean;
};

export function Button({look = 'plain', isPressed, className, type, ...rest}: Props): ReactElement {
  return (
    <button
      // oxlint-disable-next-line react/button-has-type -- it is "button" unless a form says otherwise
      type={type ?? 'button'}
      className={`button ${look}${className === undefined ? '' : ` ${className}`}`}
      {...(isPressed === undefined ? {} : {'aria-pressed': isPressed})}
      {...rest}
    />
  );
}

export function Key({children}: {readonly children: ReactNode}): ReactElement {
  return <kbd className="key" aria-hidden="true">{children}</kbd>;
}

export type TagTone = 'plain' | 'error' | 'warn' | 'ok' | 'info';

export function Tag({tone = 'plain', title, children}: {readonly tone?: TagTone; readonly title?: string; readonly children: ReactNode}): ReactElement {
  return <span className={`tag ${tone}`} title={title}>{children}</span>;
}

const SAID_FOR_MS = 1500;

export function CopyButton({text, label = 'Copy', what}: {readonly text: string; readonly label?: string; readonly what: string}): ReactElement {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('The browser refused');
    }
    setTimeout(() => setSaid(''), SAID_FOR_MS);
  };
  return (
    <Button look={label === '' ? 'quiet' : 'plain'} className="copy" onClick={() => void copy()} aria-label={said !== '' && label !== '' ? said : label === '' || label === 'Copy' ? `Copy ${what}` : label}>
      <Icon name={said === 'Copied' ? 'tick' : 'copy'} />
      {label !== '' && <span>{said === '' ? label : said}</span>}
      <span role="status" className="unseen">{said}</span>
    </Button>
  );
}

/** One of a few, in a row. */
export function Segments<Value extends string>({label, value, choices, onChoose}: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}): ReactElement {
  return (
    <div className="segments" role="group" aria-label={label}>
      {choices.map(([each, text]) => (
        <Button key={each} isPressed={each === value} onClick={() => onChoose(each)}>{text}</Button>
      ))}
    </div>
  );
}
