/**
 * Binary messages of the `sessiond.v1` dialect: `[u8 type][payload]`.
 *
 *   0 input          [bytes]                              client to server
 *   1 output         [u64 BE offset][bytes]               server to client
 *   2 snapshot part  [u8 flags][u64 BE offset][bytes]     server to client
 */

const inputType = 0;
const outputType = 1;
const snapshotType = 2;

const beginFlag = 1;
const endFlag = 2;

/** Input goes out in pieces, so that a resize or an ack never waits behind a whole paste. */
const inputPieceBytes = 64 * 1024;

export type Frame =
  | { type: 'output'; offset: number; bytes: Uint8Array }
  | { type: 'snapshot'; begin: boolean; end: boolean; offset: number; bytes: Uint8Array }
  | { type: 'unknown' };

/** A message that breaks the dialect. What follows it cannot be trusted to join. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/**
 * Reads one binary message. The bytes are a view into `message`.
 * @throws FrameError when a message of a known type is cut short or its offset is beyond 2^53.
 */
export function readFrame(message: ArrayBuffer): Frame {
  const view = new DataView(message);
  if (view.byteLength === 0) return { type: 'unknown' };
  switch (view.getUint8(0)) {
    case outputType:
      return { type: 'output', offset: readOffset(view, 1), bytes: new Uint8Array(message, 9) };
    case snapshotType: {
      const offset = readOffset(view, 2);
      const flags = view.getUint8(1);
      return {
        type: 'snapshot', begin: (flags & beginFlag) !== 0, end: (flags & endFlag) !== 0, offset, bytes: new Uint8Array(message, 10),
      };
    }
    default:
      return { type: 'unknown' };
  }
}

/** The messages that carry `bytes` as input, in order. */
export function writeInput(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const messages: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; from < bytes.length; from += inputPieceBytes) {
    const piece = bytes.subarray(from, from + inputPieceBytes);
    const message = new Uint8Array(1 + piece.length);
    message[0] = inputType;
    message.set(piece, 1);
    messages.push(message);
  }
  return messages;
}

function readOffset(view: DataView, at: number): number {
  if (view.byteLength < at + 8) throw new FrameError(`a message of ${view.byteLength} bytes has no whole offset`);
  const offset = view.getBigUint64(at);
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) throw new FrameError(`offset ${offset} is beyond 2^53`);
  return Number(offset);
}
