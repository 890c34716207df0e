import type { Size } from '../api/types';

export interface AttachQuery {
  mode: 'control' | 'observe';
  /** Whether a controller that is there is evicted. */
  takeover: boolean;
  /** The size that the session takes; null leaves it as it is. */
  size: Size | null;
  /** Position to go on at; null asks for a snapshot. */
  since: Position | null;
  /** The attachment that an automatic reconnection comes back for. */
  resume: string | null;
}

/** A place in one life of a session's journal. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

export function attachPath(session: string, query: AttachQuery): string {
  const parameters = new URLSearchParams({ mode: query.mode, takeover: query.takeover ? '1' : '0' });
  if (query.size) {
    parameters.set('cols', String(query.size.cols));
    parameters.set('rows', String(query.size.rows));
  }
  // Written by hand: URLSearchParams would escape the colon, and EPOCH:OFFSET needs no escaping.
  let path = `/v1/sessions/${encodeURIComponent(session)}/attach?${parameters}`;
  if (query.since) path += `&since=${query.since.epoch}:${query.since.offset}`;
  if (query.resume !== null) path += `&resume=${encodeURIComponent(query.resume)}`;
  return path;
}
