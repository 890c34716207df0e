import { describe, expect, it } from 'vitest';
import { FrameError, readFrame, writeInput } from '../../src/attach/frames';
import { output, snapshot } from './fakeSocket';

function read(bytes: Uint8Array): ReturnType<typeof readFrame> {
  return readFrame(bytes.slice().buffer);
}

describe('frames', () => {
  it('reads output with its offset', () => {
    expect(read(output(70_000, 'hé'))).toEqual({ type: 'output', offset: 70_000, bytes: new TextEncoder().encode('hé') });
  });

  it('reads offsets beyond 32 bits', () => {
    expect(read(output(2 ** 52 + 3, ''))).toMatchObject({ offset: 2 ** 52 + 3 });
  });

  it.each([
    [0, false, false], [1, true, false], [2, false, true], [3, true, true], [0xfe, false, true],
  ])('reads the flags %i of a snapshot part', (flags, begin, end) => {
    expect(read(snapshot(flags, 9, 'x'))).toMatchObject({ type: 'snapshot', begin, end, offset: 9 });
  });

  it('T83 leaves types of a newer server alone', () => {
    expect(read(new Uint8Array([7, 1, 2, 3]))).toEqual({ type: 'unknown' });
    expect(read(new Uint8Array([]))).toEqual({ type: 'unknown' });
  });

  it.each([[[1]], [[1, 0, 0, 0, 0, 0, 0, 0]], [[2, 3, 0, 0, 0, 0, 0, 0, 0]]])('T97 refuses the truncated message %j', (bytes) => {
    expect(() => read(new Uint8Array(bytes))).toThrow(FrameError);
  });

  it('T97 refuses an offset that a number cannot hold', () => {
    expect(() => read(new Uint8Array([1, 255, 255, 255, 255, 255, 255, 255, 255]))).toThrow(/beyond 2\^53/);
  });

  it('T37 carries every input byte unchanged', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(writeInput(bytes)).toEqual([Uint8Array.from([0, ...bytes])]);
  });

  it('T34 cuts a paste into pieces that join to the same bytes', () => {
    const paste = Uint8Array.from({ length: 150_000 }, (_, index) => index % 251);
    const messages = writeInput(paste);
    expect(messages.map((message) => message.length)).toEqual([65_537, 65_537, 18_929]);
    expect(messages.flatMap((message) => [...message.subarray(1)])).toEqual([...paste]);
  });

  it('sends nothing for nothing', () => {
    expect(writeInput(new Uint8Array())).toEqual([]);
  });
});
