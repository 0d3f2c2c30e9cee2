// The command palette: rooms, places, projects, and ids that were pasted.
import {useNavigate} from '@tanstack/react-router';
import {useState} from 'react';
import type {ReactElement} from 'react';
import {Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField} from 'react-aria-components';
import {useScope, useScopeSearch, useSetScope} from '../widgets/use_scope.ts';
import {useOrganization} from '../wire/session.ts';
import {placesFor} from './places.ts';
import {ROOMS} from './rooms.ts';
import {nextTheme} from './theme.ts';

export default function Palette({onClose}: {readonly onClose: () => void}): ReactElement {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const organization = useOrganization();
  const scope = useScope();
  const setScope = useSetScope();
  const scopeSearch = useScopeSearch();
  const places = placesFor(text, {rooms: ROOMS, projects: organization.projects.map(each => each.slug)});
  const go = (key: string): void => {
    const place = places.find(each => each.key === key);
    onClose();
    if (place?.kind === 'page') void navigate({to: place.to, search: {...scopeSearch, ...place.search} as never});
    if (place?.kind === 'project') setScope({...scope, projects: [place.project]});
    if (place?.kind === 'theme') nextTheme();
  };
  return (
    <ModalOverlay className="scrim" isOpen isDismissable onOpenChange={isOpen => isOpen || onClose()}>
      <Modal className="dialog">
        <Dialog aria-label="Jump to">
          <Autocomplete inputValue={text} onInputChange={setText}>
            <SearchField aria-label="Search or jump to" autoFocus>
              <Input className="palette-input" placeholder="Page, project, trace id, span id, event id" />
            </SearchField>
            <Menu className="menu palette-list" aria-label="Places" items={places} onAction={key => go(String(key))} renderEmptyState={() => <div className="menu-item quiet">Nothing of that name</div>}>
              {place => (
                <MenuItem id={place.key} textValue={place.text} className="menu-item">
                  <span className="cut">{place.text}</span>
                  <span className="end">{place.note}</span>
                </MenuItem>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
