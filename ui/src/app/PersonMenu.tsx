// The signed-in person: theme, density, letter keys, sign out.
import {useQueryClient} from '@tanstack/react-query';
import type {ReactElement} from 'react';
import {choice} from '../base/choices.ts';
import {letterKeys} from '../base/keys.ts';
import {useStore} from '../base/store.ts';
import {Picker} from '../widgets/Picker.tsx';
import {sessionQuery, signOut, useUser} from '../wire/session.ts';
import {setTheme, themeChoice} from './theme.ts';

const density = choice('density', '');

export function PersonMenu(): ReactElement {
  const user = useUser();
  const queries = useQueryClient();
  const theme = useStore(themeChoice);
  const isCompact = useStore(density) === 'compact';
  const hasLetters = useStore(letterKeys) === 'on';
  const act = (chosen: string | undefined): void => {
    switch (chosen) {
      case 'light':
      case 'dark':
        setTheme(chosen);
        break;
      case 'system':
        setTheme('');
        break;
      case 'density':
        setDensity(isCompact ? '' : 'compact');
        break;
      case 'letters':
        letterKeys.set(hasLetters ? 'off' : 'on');
        break;
      case 'out':
        void signOut().then(() => queries.resetQueries(sessionQuery));
        break;
      default:
    }
  };
  return (
    <Picker
      label="You"
      shown={user?.email.split('@')[0] ?? 'you'}
      choices={[
        {value: 'system', text: 'Theme as the system', note: theme === '' ? 'now' : ''},
        {value: 'light', text: 'Light theme', note: theme === 'light' ? 'now' : ''},
        {value: 'dark', text: 'Dark theme', note: theme === 'dark' ? 'now' : ''},
        {value: 'density', text: isCompact ? 'Normal row height' : 'Compact rows'},
        {value: 'letters', text: hasLetters ? 'Switch single-letter keys off' : 'Switch single-letter keys on'},
        {value: 'out', text: 'Sign out'},
      ]}
      chosen={[]}
      onChoose={([chosen]) => act(chosen)}
    />
  );
}

function setDensity(value: string): void {
  density.set(value);
  if (value === '') delete document.documentElement.dataset['density'];
  else document.documentElement.dataset['density'] = value;
}
