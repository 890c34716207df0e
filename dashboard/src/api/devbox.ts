import type { AutoCommitObject, HookObject, SessionObject, StatusObject } from './types';

/** What this page knows of the devbox. Never changed in place. */
export interface Devbox {
  readonly status: StatusObject | null;
  readonly sessions: ReadonlyMap<string, SessionObject>;
  readonly autoCommit: AutoCommitObject | null;
}

/** One server-sent event; `data` is the whole object that the event is about. */
export interface DevboxEvent {
  readonly type: string;
  readonly data: unknown;
}

export const emptyDevbox: Devbox = { status: null, sessions: new Map(), autoCommit: null };

/** The devbox after one event. Unknown types and shapes leave it as it is (the same object). */
export function reduce(devbox: Devbox, event: DevboxEvent): Devbox {
  const { data } = event;
  switch (event.type) {
    case 'session.created':
    case 'session.changed':
    case 'session.bell':
    case 'session.output':
      return isSession(data) ? { ...devbox, sessions: including(devbox.sessions, data) } : devbox;
    case 'session.removed':
      return hasName(data) ? { ...devbox, sessions: excluding(devbox.sessions, data.name) } : devbox;
    case 'hook.changed':
      return isHook(data) && devbox.status ? { ...devbox, status: withHook(devbox.status, data) } : devbox;
    case 'devbox.changed':
      return isStatus(data) ? { ...devbox, status: data } : devbox;
    case 'auto_commit.changed':
      return isAutoCommit(data) ? { ...devbox, autoCommit: data } : devbox;
    default:
      return devbox;
  }
}

/**
 * Whether the event says that the list itself must be read again: the server no longer has the missed events, or a
 * session changed under a name that was never listed (it was renamed, and the old name is still here).
 */
export function needsList(devbox: Devbox, event: DevboxEvent): boolean {
  if (event.type === 'reset') return true;
  return event.type === 'session.changed' && hasName(event.data) && !devbox.sessions.has(event.data.name);
}

export function listed(status: StatusObject, sessions: readonly SessionObject[], autoCommit: AutoCommitObject | null): Devbox {
  return { status, sessions: new Map(sessions.map((session) => [session.name, session])), autoCommit };
}

function including(sessions: ReadonlyMap<string, SessionObject>, session: SessionObject): ReadonlyMap<string, SessionObject> {
  return new Map(sessions).set(session.name, session);
}

function excluding(sessions: ReadonlyMap<string, SessionObject>, name: string): ReadonlyMap<string, SessionObject> {
  const rest = new Map(sessions);
  rest.delete(name);
  return rest;
}

function withHook(status: StatusObject, hook: HookObject): StatusObject {
  const known = status.hooks.some((each) => each.name === hook.name);
  const hooks = known ? status.hooks.map((each) => (each.name === hook.name ? hook : each)) : [...status.hooks, hook];
  return { ...status, hooks };
}

function hasName(data: unknown): data is { name: string } {
  return has(data, 'name') && typeof data.name === 'string';
}

function isSession(data: unknown): data is SessionObject {
  return hasName(data) && has(data, 'state') && has(data, 'epoch') && has(data, 'size');
}

function isHook(data: unknown): data is HookObject {
  return hasName(data) && has(data, 'event') && has(data, 'state');
}

function isStatus(data: unknown): data is StatusObject {
  return has(data, 'version') && has(data, 'state') && has(data, 'hooks') && has(data, 'degraded');
}

/** The devbox's own: a session's workspace has one of its own, which the object names. */
function isAutoCommit(data: unknown): data is AutoCommitObject {
  return has(data, 'enabled') && has(data, 'state') && !(has(data, 'session') && data.session !== null);
}

function has<K extends string>(data: unknown, key: K): data is Record<K, unknown> {
  return typeof data === 'object' && data !== null && key in data;
}
