// The colours that canvases paint with, read from the tokens once per theme.
import {SLOTS} from '../base/service_slots.ts';

export type Ink = {
  readonly surface: string;
  readonly ground: string;
  readonly line: string;
  readonly grid: string;
  readonly edge: string;
  readonly text: string;
  readonly textSecond: string;
  readonly textQuiet: string;
  readonly accent: string;
  readonly error: string;
  readonly critical: string;
  readonly muted: string;
  /** 1..12, at 0 grey. */
  readonly services: readonly string[];
  /** 0 = empty cell. */
  readonly heat: readonly string[];
  readonly font: string;
  /** Bars get outlines where colours are the system's. */
  readonly isForced: boolean;
};

let known: {readonly key: string; readonly ink: Ink} | null = null;

export function currentInk(): Ink {
  const isForced = matchMedia('(forced-colors: active)').matches;
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const key = `${document.documentElement.dataset['theme'] ?? ''} ${isDark} ${isForced}`;
  if (known?.key === key) return known.ink;
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const ink: Ink = {
    surface: token('surface'),
    ground: token('bg'),
    line: token('line'),
    grid: token('chart-grid'),
    edge: token('edge'),
    text: token('text'),
    textSecond: token('text-2'),
    textQuiet: token('text-3'),
    accent: token('accent'),
    error: token('error-mark'),
    critical: token('critical'),
    muted: token('chart-muted'),
    services: [token('chart-muted'), ...Array.from({length: SLOTS}, (_, slot) => token(`svc-${slot + 1}`))],
    heat: Array.from({length: 6}, (_, step) => token(`heat-${step}`)),
    font: token('sans'),
    isForced,
  };
  known = {key, ink};
  return ink;
}

/** Calls back when the theme changes; returns how to stop. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, {attributes: true, attributeFilter: ['data-theme', 'data-density']});
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', changed);
  };
}
