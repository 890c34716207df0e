import type { ISearchDecorationOptions } from '@xterm/addon-search';
import type { ITheme } from '@xterm/xterm';

const dark: ITheme = {
  background: '#111413', foreground: '#dfe3df', cursor: '#6fd0b5', cursorAccent: '#111413',
  selectionBackground: '#3a5b5188',
  black: '#1e2321', red: '#e5786d', green: '#7fc18f', yellow: '#d9b166', blue: '#7aa8e0', magenta: '#c193d9', cyan: '#6cc5c2', white: '#cfd4d0',
  brightBlack: '#727b76', brightRed: '#f2958b', brightGreen: '#9bd8a8', brightYellow: '#eccb86', brightBlue: '#9cc1f0', brightMagenta: '#d6b0ea', brightCyan: '#8fdcd8', brightWhite: '#f4f6f4',
};

const light: ITheme = {
  background: '#fdfdfb', foreground: '#23282a', cursor: '#0c6b58', cursorAccent: '#fdfdfb',
  selectionBackground: '#b9dbd088',
  black: '#23282a', red: '#b3372c', green: '#2d7a3e', yellow: '#8a6100', blue: '#2660a8', magenta: '#853f9e', cyan: '#0f7375', white: '#6c7471',
  brightBlack: '#5d6562', brightRed: '#c94a3d', brightGreen: '#3a8f4d', brightYellow: '#9c7210', brightBlue: '#3873c0', brightMagenta: '#9a54b3', brightCyan: '#1d8688', brightWhite: '#3f4745',
};

const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');

/** The terminal's colours for the scheme that the person prefers now. */
export function currentTheme(): ITheme {
  return prefersDark.matches ? dark : light;
}

/** How search marks what it found; the active match is also selected, so it gets a border that is seen through that. */
export function searchColours(): ISearchDecorationOptions {
  return prefersDark.matches
    ? { matchBackground: '#4d4320', matchOverviewRuler: '#b39a45', activeMatchBorder: '#eccb86', activeMatchColorOverviewRuler: '#eccb86' }
    : { matchBackground: '#f5e3ab', matchOverviewRuler: '#c29b2c', activeMatchBorder: '#8a6100', activeMatchColorOverviewRuler: '#8a6100' };
}

export function onThemeChange(listener: () => void): () => void {
  prefersDark.addEventListener('change', listener);
  return () => prefersDark.removeEventListener('change', listener);
}

/** What the daemon's engine answers colour queries with while this page is the controller. */
export function currentProfile(): { foreground: string; background: string; cursor: string } {
  const theme = currentTheme();
  return { foreground: theme.foreground ?? '', background: theme.background ?? '', cursor: theme.cursor ?? '' };
}
