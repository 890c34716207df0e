import type { Phase } from '../../attach/phase';
import type { SessionObject } from '../../api/types';
import { clockTime, exitWords, hasEnded } from '../words';

export type NoticeAction = 'take_control' | 'watch' | 'start' | 'attach' | 'retry' | 'sign_in' | 'close';

export interface Notice {
  tone: 'quiet' | 'warn' | 'end';
  text: string;
  /** What changes by the second: shown, but not announced each time. */
  countdown?: string;
  actions: readonly { action: NoticeAction; label: string }[];
}

/** What a terminal tab tells the person about its connection, and what they may do; null while all is well. */
export function noticeFor(phase: Phase, session: SessionObject | null, now: number): Notice | null {
  switch (phase.name) {
    case 'attached':
      return null;
    case 'connecting':
      return { tone: 'quiet', text: 'Connecting…', actions: [] };
    case 'waiting': {
      const seconds = Math.max(1, Math.ceil((phase.retryAt - now) / 1000));
      return { tone: 'quiet', text: 'Connection lost.', countdown: `Next try in ${seconds} s.`, actions: [{ action: 'retry', label: 'Try now' }] };
    }
    case 'taken_over':
      return {
        tone: 'warn',
        text: `Taken over by ${phase.by ?? 'another client'}${phase.at ? ` at ${clockTime(phase.at)}` : ''}.`,
        actions: [{ action: 'take_control', label: 'Take back' }, { action: 'watch', label: 'Watch' }],
      };
    case 'ended':
      return ended(phase, session);
    case 'busy':
      return {
        tone: 'warn',
        text: `${session?.controller ?? 'Another client'} controls this session.`,
        actions: [{ action: 'take_control', label: 'Take control' }, { action: 'watch', label: 'Watch' }],
      };
    case 'gone':
      return { tone: 'end', text: 'This session does not exist any more.', actions: [{ action: 'close', label: 'Close tab' }] };
    case 'not_permitted':
      return { tone: 'warn', text: 'Your token does not permit this.', actions: [{ action: 'watch', label: 'Watch' }] };
    case 'signed_out':
      return { tone: 'warn', text: 'You are signed out.', actions: [{ action: 'sign_in', label: 'Sign in' }] };
    case 'refused':
      return {
        tone: 'warn',
        text: `The daemon refused the connection: ${phase.reason || `code ${phase.code}`}.`,
        actions: [{ action: 'attach', label: 'Try again' }],
      };
    case 'closed':
      return { tone: 'quiet', text: 'Detached.', actions: [{ action: 'attach', label: 'Attach' }] };
  }
}

function ended(phase: Extract<Phase, { name: 'ended' }>, session: SessionObject | null): Notice {
  if (session && !hasEnded(session)) {
    return { tone: 'end', text: 'This session was started again.', actions: [{ action: 'attach', label: 'Attach' }] };
  }
  const words = exitWords(phase.code ?? session?.exit_code ?? null, phase.signal ?? session?.exit_signal ?? null);
  return {
    tone: 'end',
    text: words === '' ? 'The program ended.' : `The program ended: ${words}.`,
    actions: [{ action: 'start', label: 'Start' }, { action: 'close', label: 'Close tab' }],
  };
}
