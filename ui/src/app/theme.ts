// Light, dark, or as the system says; remembered, and set before the first paint by theme.js.
import {choice} from '../base/choices.ts';

export const themeChoice = choice('theme', '');

export function setTheme(theme: string): void {
  themeChoice.set(theme);
  if (theme === '') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function nextTheme(): void {
  setTheme(isDark() ? 'light' : 'dark');
}

export function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}
