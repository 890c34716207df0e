/**
 * The JSON of the endpoint, as the daemon's API records write it: snake_case, absent values are null,
 * times are RFC 3339 UTC. Keys that this page does not know are ignored.
 */

export type State = 'starting' | 'initializing' | 'running' | 'stopping' | 'stopped' | 'failed' | 'paused';

export interface Size {
  cols: number;
  rows: number;
}

/** A text for `sh -c`, or an argv. */
export type Command = string | string[];

export interface SessionObject {
  name: string;
  type: string;
  state: State;
  reason: string | null;
  attached: boolean;
  controller: string | null;
  observers: number;
  owner: string | null;
  command: Command | null;
  cwd: string | null;
  pid: number | null;
  size: Size;
  title: string | null;
  labels: Record<string, string>;
  port: number | null;
  ready: boolean;
  created_at: string;
  started_at: string | null;
  exited_at: string | null;
  exit_code: number | null;
  exit_signal: string | null;
  restarts: number;
  last_activity_at: string | null;
  epoch: string;
  offset: number;
  env_stale: boolean;
  outdated: boolean;
  source: 'spec' | 'api';
}

export interface HookObject {
  name: string;
  event: string;
  state: 'pending' | 'running' | 'succeeded' | 'failed' | 'skipped';
  reason: string | null;
  exit_code: number | null;
  started_at: string | null;
  ended_at: string | null;
}

export interface StatusObject {
  version: string;
  build: string;
  outdated: boolean;
  state: State;
  reason: string | null;
  degraded: string[];
  persistent: boolean;
  labels: Record<string, string>;
  started_at: string;
  sessions: number;
  hooks: HookObject[];
  warnings: string[];
}

export interface AutoCommitObject {
  enabled: boolean;
  interval: string;
  state: 'off' | 'watching' | 'waiting' | 'committing' | 'pushing' | 'blocked' | 'offline';
  reason: string | null;
  last_commit: { id: string; at: string; message: string } | null;
  last_push_at: string | null;
  ahead: number | null;
  behind: number | null;
  uncommitted: number | null;
  unpushed: number | null;
  error: string | null;
  session?: string | null;
}

/** Body of POST /v1/sessions; what is absent takes the spec's defaults. */
export interface CreateSession {
  name?: string;
  command?: Command;
  cwd?: string;
  size?: Size;
}

export interface KilledProcess {
  pid: number;
  command: string;
  signal: string;
}

export interface TerminateResult {
  killed: KilledProcess[];
  left: KilledProcess[];
}

/** RFC 9457 problem details; `unsaved` stands in the 409 of a terminate. */
export interface Problem {
  title: string;
  detail?: string | null;
  status: number;
  unsaved?: string[] | null;
}
