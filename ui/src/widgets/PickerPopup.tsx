// The list that a picker opens.
import type {ReactElement, RefObject} from 'react';
import {Dialog, ListBox, ListBoxItem, Popover} from 'react-aria-components';
import type {Selection} from 'react-aria-components';
import {Icon} from './Icon.tsx';
import type {PickerProps} from './picker_props.ts';

type Props = PickerProps & {readonly anchor: RefObject<HTMLButtonElement | null>; readonly onClose: () => void};

export default function PickerPopup(props: Props): ReactElement {
  const choose = (selection: Selection): void => {
    const values = selection === 'all' ? [] : [...selection].map(String);
    props.onChoose(values);
    if (!props.isMany) props.onClose();
  };
  return (
    <Popover
      className="popover"
      triggerRef={props.anchor}
      isOpen
      placement="bottom start"
      offset={4}
      onOpenChange={isOpen => {
        if (!isOpen) props.onClose();
      }}
    >
      <Dialog aria-label={props.label} className="picker-dialog">
        <ListBox
          className="menu"
          aria-label={props.label}
          autoFocus="first"
          escapeKeyBehavior="none"
          selectionMode={props.isMany ? 'multiple' : 'single'}
          selectedKeys={[...props.chosen]}
          onSelectionChange={choose}
          items={props.choices.map(each => ({...each, id: each.value}))}
          renderEmptyState={() => <div className="menu-item quiet">Nothing to choose from yet</div>}
        >
          {item => (
            <ListBoxItem id={item.id} textValue={item.text} className="menu-item">
              {({isSelected}) => (
                <>
                  <span className="cut">{item.text}</span>
                  <span className="end">{isSelected ? <Icon name="tick" /> : item.note}</span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
        {props.footer?.(props.onClose)}
      </Dialog>
    </Popover>
  );
}
