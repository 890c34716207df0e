import { describe, expect, it } from 'vitest';
import { emptyDevbox, listed, needsList, reduce } from '../../src/api/devbox';
import { session, status } from './records';

const one = listed(status(), [session('a')], null);

describe('the devbox after an event', () => {
  it('has a session that was created', () => {
    const next = reduce(one, { type: 'session.created', data: session('b') });
    expect([...next.sessions.keys()]).toEqual(['a', 'b']);
    expect([...one.sessions.keys()]).toEqual(['a']);
  });

  it.each(['session.changed', 'session.bell', 'session.output'])('has the whole object of %s', (type) => {
    const next = reduce(one, { type, data: session('a', { state: 'stopped', exit_code: 2 }) });
    expect(next.sessions.get('a')).toMatchObject({ state: 'stopped', exit_code: 2 });
  });

  it('has not a session that was removed', () => {
    expect(reduce(one, { type: 'session.removed', data: session('a') }).sessions.size).toBe(0);
  });

  it('has the new status', () => {
    expect(reduce(one, { type: 'devbox.changed', data: status({ state: 'failed', reason: 'hook' }) }).status).toMatchObject({ state: 'failed', reason: 'hook' });
  });

  it('has a hook in its place', () => {
    const hook = { name: 'migrate', event: 'post_start', state: 'running', reason: null, exit_code: null, started_at: null, ended_at: null };
    const running = reduce(one, { type: 'hook.changed', data: hook });
    const done = reduce(running, { type: 'hook.changed', data: { ...hook, state: 'succeeded' } });
    expect(done.status?.hooks.map((each) => each.state)).toEqual(['succeeded']);
  });

  it.each([
    { type: 'session.later', data: session('b') },
    { type: 'session.changed', data: null },
    { type: 'session.changed', data: { name: 'x' } },
    { type: 'session.removed', data: 'a' },
    { type: 'devbox.changed', data: {} },
    { type: 'hook.changed', data: [] },
    { type: 'reset', data: null },
  ])('is the same object after %j', (event) => {
    expect(reduce(one, event)).toBe(one);
  });

  it('ignores a hook before the status is known', () => {
    expect(reduce(emptyDevbox, { type: 'hook.changed', data: { name: 'h', event: 'e', state: 'running' } })).toBe(emptyDevbox);
  });
});

describe('the list is read again', () => {
  it('when the server no longer has the missed events', () => {
    expect(needsList(one, { type: 'reset', data: null })).toBe(true);
  });

  it('when a session changed under a new name', () => {
    expect(needsList(one, { type: 'session.changed', data: session('renamed') })).toBe(true);
    expect(needsList(one, { type: 'session.changed', data: session('a') })).toBe(false);
  });
});
