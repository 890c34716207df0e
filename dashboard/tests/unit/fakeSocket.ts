import type { OpenSocket, SocketLike } from '../../src/attach/ports';

/** A WebSocket in a test's hands: it records what was sent, and says what the test lets the server say. */
export class FakeSocket implements SocketLike {
  binaryType = 'blob';
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly sent: (string | Uint8Array)[] = [];
  closedWith: number | undefined;

  constructor(readonly path: string, readonly protocol: string) {}

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closedWith ??= code ?? 1005;
  }

  says(message: Record<string, unknown>): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  delivers(bytes: Uint8Array): void {
    this.onmessage?.({ data: bytes.slice().buffer });
  }

  closes(code: number, reason = ''): void {
    this.onclose?.({ code, reason });
  }

  get query(): URLSearchParams {
    return new URL(this.path, 'http://devbox').searchParams;
  }

  /** The client's text messages of one type. */
  told(type: string): Record<string, unknown>[] {
    return this.sent
      .filter((message) => typeof message === 'string')
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .filter((message) => message['type'] === type);
  }
}

/** Every socket that was opened, in order. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];

  readonly open: OpenSocket = (path, protocol) => {
    const socket = new FakeSocket(path, protocol);
    this.sockets.push(socket);
    return socket;
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}

export function output(offset: number, text: string): Uint8Array {
  return frame(1, [], offset, text);
}

export function snapshot(flags: number, offset: number, text: string): Uint8Array {
  return frame(2, [flags], offset, text);
}

function frame(type: number, head: number[], offset: number, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const message = new Uint8Array(1 + head.length + 8 + bytes.length);
  message.set([type, ...head]);
  new DataView(message.buffer).setBigUint64(1 + head.length, BigInt(offset));
  message.set(bytes, 9 + head.length);
  return message;
}
