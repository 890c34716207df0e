import { describe, expect, it } from 'vitest';
import { readRoute, sessionHash } from '../../src/ui/routes';
import { noticeFor } from '../../src/ui/terminal/notice';
import { shortcutOf } from '../../src/ui/terminal/shortcuts';
import { controlCharacter } from '../../src/ui/terminal/touchKeys';
import { ago, commandLine, exitWords } from '../../src/ui/words';
import { session } from './records';

describe('words', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');

  it.each([
    ['2026-01-01T11:59:55Z', 'just now'], ['2026-01-01T12:05:00Z', 'just now'], ['2026-01-01T11:57:30Z', '2 min. ago'],
    ['2026-01-01T09:00:00Z', '3 hr. ago'], ['2025-12-30T12:00:00Z', '2 days ago'],
  ])('says when %s was: %s', (time, words) => {
    expect(ago(time, now)).toBe(words);
  });

  it('says how a program ended', () => {
    expect([exitWords(0, null), exitWords(null, 'SIGKILL'), exitWords(null, null)]).toEqual(['exit 0', 'SIGKILL', '']);
  });

  it('says what runs', () => {
    expect([commandLine(null), commandLine('make'), commandLine(['npm', 'test'])]).toEqual(['shell', 'make', 'npm test']);
  });
});

describe('routes', () => {
  it.each(['server', 'a.b-c_d', 'ü/ x'])('finds the session %j again', (name) => {
    expect(readRoute(sessionHash(name))).toEqual({ name: 'session', session: name });
  });

  it.each(['', '#/', '#/sessions/', '#/sessions/%', '#/other'])('shows the overview for %j', (hash) => {
    expect(readRoute(hash)).toEqual({ name: 'overview' });
  });
});

describe('shortcuts', () => {
  const key = { type: 'keydown', code: 'KeyF', ctrlKey: true, metaKey: false, shiftKey: true, altKey: false };

  it('knows Ctrl+Shift+F, and Command+Shift+F', () => {
    expect(shortcutOf(key)).toBe('search');
    expect(shortcutOf({ ...key, ctrlKey: false, metaKey: true })).toBe('search');
  });

  it('leaves other keys to the program', () => {
    expect(shortcutOf({ ...key, shiftKey: false })).toBeNull();
    expect(shortcutOf({ ...key, altKey: true })).toBeNull();
    expect(shortcutOf({ ...key, code: 'KeyX' })).toBeNull();
  });
});

describe('touch keys', () => {
  it.each([['c', '\x03'], ['C', '\x03'], ['[', '\x1b'], ['@', '\0'], ['1', '1'], ['é', 'é']])('makes %j with Ctrl %j', (text, control) => {
    expect(controlCharacter(text)).toBe(control);
  });
});

describe('notices', () => {
  it('offers to take back only as a button', () => {
    const notice = noticeFor({ name: 'taken_over', by: 'alice', at: null }, null, 0);
    expect(notice?.text).toBe('Taken over by alice.');
    expect(notice?.actions.map((each) => each.label)).toEqual(['Take back', 'Watch']);
  });

  it('offers Start for an ended session, and Attach once it runs again', () => {
    const ended = { name: 'ended', code: 1, signal: null } as const;
    expect(noticeFor(ended, session('a', { state: 'stopped' }), 0)).toMatchObject({ text: 'The program ended: exit 1.' });
    expect(noticeFor(ended, session('a'), 0)?.actions.map((each) => each.action)).toEqual(['attach']);
  });

  it('counts down', () => {
    expect(noticeFor({ name: 'waiting', retryAt: 4200 }, null, 1000)).toMatchObject({ text: 'Connection lost.', countdown: 'Next try in 4 s.' });
  });
});
