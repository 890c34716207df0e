export type Shortcut = 'search' | 'copy' | 'leave';

/** Control (or Command) with Shift: what terminals leave to their window. By position, so that layouts do not matter. */
const shortcuts: Readonly<Record<string, Shortcut>> = {
  KeyF: 'search',
  KeyC: 'copy',
  KeyE: 'leave',
};

type Key = Pick<KeyboardEvent, 'type' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

export function shortcutOf(event: Key): Shortcut | null {
  if (event.type !== 'keydown' || !event.shiftKey || event.altKey || event.ctrlKey === event.metaKey) return null;
  return shortcuts[event.code] ?? null;
}
