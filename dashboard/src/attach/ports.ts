import type { Size } from '../api/types';

/** The part of `WebSocket` that is used here, so that a test can stand in for it. */
export interface SocketLike {
  binaryType: string;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** Opens a WebSocket to a path of the daemon that served this page, offering one subprotocol. */
export type OpenSocket = (path: string, protocol: string) => SocketLike;

/** The terminal that shows the session. Everything is applied in the order of the calls. */
export interface TerminalPort {
  /** A snapshot begins: everything that was there goes. */
  reset(): void;
  /** `applied` is called once the bytes, and all before them, are on the screen. */
  write(bytes: Uint8Array, applied: () => void): void;
  resize(size: Size): void;
}
