import type { Command, SessionObject, State } from '../api/types';

/** The devbox's and the sessions' states, for a person. */
export const stateWords: Record<State, string> = {
  starting: 'Starting',
  initializing: 'Initializing',
  running: 'Running',
  stopping: 'Stopping',
  stopped: 'Stopped',
  failed: 'Failed',
  paused: 'Paused',
};

/** A newer daemon may know a state that this page does not. */
export function stateWord(state: string): string {
  return Object.hasOwn(stateWords, state) ? stateWords[state as State] : state;
}

export function commandLine(command: Command | null): string {
  if (command === null) return 'shell';
  return typeof command === 'string' ? command : command.join(' ');
}

/** How a program ended: "exit 1", "SIGKILL", or nothing while it has not. */
export function exitWords(code: number | null, signal: string | null): string {
  if (signal) return signal;
  return code === null ? '' : `exit ${code}`;
}

export function hasEnded(session: SessionObject): boolean {
  return session.state === 'stopped' || session.state === 'failed';
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60], ['minute', 60], ['hour', 24], ['day', 365], ['year', Infinity],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** "2 min. ago". The daemon's clock may run ahead of this one's; the future is shown as now. */
export function ago(time: string, now: number): string {
  let amount = Math.max(0, (now - Date.parse(time)) / 1000);
  if (!Number.isFinite(amount)) return '';
  if (amount < 10) return 'just now';
  for (const [unit, length] of steps) {
    if (amount < length) return relative.format(-Math.floor(amount), unit);
    amount /= length;
  }
  return '';
}

/** "14:05", with the date where it is not today. */
export function clockTime(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  const today = new Date().toDateString() === at.toDateString();
  return new Intl.DateTimeFormat(undefined, today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}
