// All keys that do something on the page that is shown.
import type {ReactElement} from 'react';
import {Dialog, Heading, Modal, ModalOverlay} from 'react-aria-components';
import {boundKeys, letterKeys} from '../base/keys.ts';
import type {KeyBinding} from '../base/keys.ts';
import {useStore} from '../base/store.ts';
import {Button} from '../widgets/Button.tsx';

export default function KeyHelp({onClose}: {readonly onClose: () => void}): ReactElement {
  const bindings = useStore(boundKeys);
  const hasLetters = useStore(letterKeys) === 'on';
  const groups = new Map<string, KeyBinding[]>();
  for (const each of bindings) groups.set(each.group, [...(groups.get(each.group) ?? []), each]);
  return (
    <ModalOverlay className="scrim" isOpen isDismissable onOpenChange={isOpen => isOpen || onClose()}>
      <Modal className="dialog">
        <Dialog aria-label="All keys" className="help">
          <Heading slot="title">Keys</Heading>
          <div className="help-groups">
            {[...groups].reverse().map(([group, each]) => (
              <section className="help-group" key={group}>
                <h3>{group}</h3>
                <dl>
                  {each.map(binding => (
                    <div key={binding.does} style={{display: 'contents'}}>
                      <dt>{binding.keys.map(key => <kbd className="key" key={key}>{shownKey(key)}</kbd>)}</dt>
                      <dd>{binding.does}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <div className="row">
            <Button isPressed={hasLetters} onClick={() => letterKeys.set(hasLetters ? 'off' : 'on')}>Single-letter keys</Button>
            <span className="grow" />
            <Button onClick={onClose}>Close <kbd className="key">Esc</kbd></Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const SHOWN: Readonly<Record<string, string>> = {ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', ' ': 'Space', Escape: 'Esc'};

function shownKey(key: string): string {
  return (SHOWN[key] ?? key).replace('mod+', 'Ctrl ').replace('alt+', 'Alt ');
}
