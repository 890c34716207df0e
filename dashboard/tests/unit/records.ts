import type { SessionObject, StatusObject } from '../../src/api/types';

export function session(name: string, changes: Partial<SessionObject> = {}): SessionObject {
  return {
    name, type: 'terminal', state: 'running', reason: null, attached: false, controller: null, observers: 0, owner: null,
    command: null, cwd: '/workspaces/checkout', pid: 42, size: { cols: 80, rows: 24 }, title: null, labels: {}, port: null, ready: true,
    created_at: '2026-01-01T00:00:00Z', started_at: '2026-01-01T00:00:00Z', exited_at: null, exit_code: null, exit_signal: null,
    restarts: 0, last_activity_at: null, epoch: 'e1', offset: 0, env_stale: false, outdated: false, source: 'api', ...changes,
  };
}

export function status(changes: Partial<StatusObject> = {}): StatusObject {
  return {
    version: '1.0.0', build: 'test', outdated: false, state: 'running', reason: null, degraded: [], persistent: true, labels: {},
    started_at: '2026-01-01T00:00:00Z', sessions: 0, hooks: [], warnings: [], ...changes,
  };
}
