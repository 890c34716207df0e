import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Attachment } from '../../src/attach/attachment';
import { FakeNetwork, output, snapshot } from './fakeSocket';
import { FakeTerminal } from './fakeTerminal';

const hello = { type: 'hello', epoch: 'e1', role: 'controller', cols: 80, rows: 24, offset: 100, attachment: 'me', window: 256 * 1024 };

let network: FakeNetwork;
let terminal: FakeTerminal;
let attachment: Attachment;
let controls: number;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
  network = new FakeNetwork();
  terminal = new FakeTerminal();
  controls = 0;
  attachment = new Attachment('work', terminal, {
    changed: () => undefined,
    fit: () => ({ cols: 120, rows: 40 }),
    controls: () => { controls++; },
  }, network.open);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Attached, with a whole snapshot at 100 and "abc" after it. */
function attached(): void {
  attachment.open({ mode: 'control', takeover: true });
  network.last.says(hello);
  network.last.delivers(snapshot(3, 100, 'screen'));
  network.last.delivers(output(100, 'abc'));
}

describe('attaching', () => {
  it('offers the dialect and the size that fits', () => {
    attachment.open({ mode: 'control', takeover: true });
    expect(network.last.protocol).toBe('sessiond.v1');
    expect(network.last.binaryType).toBe('arraybuffer');
    expect(Object.fromEntries(network.last.query)).toEqual({ mode: 'control', takeover: '1', cols: '120', rows: '40' });
  });

  it('T50 does not offer a size as an observer', () => {
    attachment.open({ mode: 'observe', takeover: false });
    expect(Object.fromEntries(network.last.query)).toEqual({ mode: 'observe', takeover: '0' });
  });

  it('T21 takes the session\'s size before the snapshot, and later sizes where they stand in the stream', () => {
    attached();
    network.last.says({ type: 'size', cols: 90, rows: 20, offset: 103 });
    network.last.delivers(output(103, 'd'));
    expect(terminal.log).toEqual(['resize 80x24', 'reset', 'write screen', 'write abc', 'resize 90x20', 'write d']);
    expect(attachment.size).toEqual({ cols: 90, rows: 20 });
  });

  it('T28 resets once for a snapshot of many parts', () => {
    attachment.open({ mode: 'control', takeover: true });
    network.last.says(hello);
    for (const [flags, text] of [[1, 'a'], [0, 'b'], [2, 'c']] as const) network.last.delivers(snapshot(flags, 100, text));
    expect(terminal.log).toEqual(['resize 80x24', 'reset', 'write a', 'write b', 'write c']);
  });

  it('tells its owner when it controls, at hello and by role', () => {
    attachment.open({ mode: 'observe', takeover: false });
    network.last.says({ ...hello, role: 'observer' });
    expect(controls).toBe(0);
    attachment.claim();
    expect(network.last.told('claim')).toHaveLength(1);
    network.last.says({ type: 'role', role: 'controller' });
    expect(controls).toBe(1);
    expect(attachment.role).toBe('controller');
  });

  it('T83 goes on over frames and messages that it does not know', () => {
    attached();
    network.last.delivers(new Uint8Array([9, 9]));
    network.last.says({ type: 'weather', sun: true });
    network.last.delivers(output(103, 'd'));
    expect(terminal.log.at(-1)).toBe('write d');
    expect(attachment.phase.name).toBe('attached');
  });
});

describe('speaking', () => {
  it('sends input only as the controller', () => {
    attached();
    attachment.input(new Uint8Array([104, 105]));
    expect(network.last.sent.at(-1)).toEqual(new Uint8Array([0, 104, 105]));
    network.last.says({ type: 'role', role: 'observer' });
    const before = network.last.sent.length;
    attachment.input(new Uint8Array([1]));
    attachment.resize({ cols: 1, rows: 1 }, 0, 0);
    expect(network.last.sent).toHaveLength(before);
  });

  it('acknowledges what the terminal has applied, not what has arrived', () => {
    attached();
    vi.advanceTimersByTime(1000);
    expect(network.last.told('ack')).toEqual([]);
    terminal.apply();
    vi.advanceTimersByTime(1000);
    expect(network.last.told('ack').map((ack) => ack['offset'])).toEqual([100, 103]);
  });

  it('acknowledges at once what a small window let through, and few bytes after a while', () => {
    attached();
    terminal.apply();
    vi.advanceTimersByTime(1000);
    const before = network.last.told('ack').length;
    network.last.delivers(output(103, 'x'.repeat(4096)));
    network.last.delivers(output(103 + 4096, 'x'.repeat(4096)));
    terminal.apply();
    expect(network.last.told('ack').slice(before).map((ack) => ack['offset'])).toEqual([103 + 8192]);
    network.last.delivers(output(103 + 8192, 'x'));
    terminal.apply();
    expect(network.last.told('ack').length).toBe(before + 1);
    vi.advanceTimersByTime(1000);
    expect(network.last.told('ack').at(-1)?.['offset']).toBe(103 + 8193);
  });

  it('acknowledges a flood by eighths of the window, without a timer', () => {
    attached();
    terminal.apply();
    const before = network.last.told('ack').length;
    network.last.delivers(output(103, 'x'.repeat(32 * 1024)));
    terminal.apply();
    expect(network.last.told('ack').slice(before).map((ack) => ack['offset'])).toEqual([103 + 32 * 1024]);
  });

  it('says nothing of an older connection on a newer one', () => {
    attached();
    network.last.closes(1006);
    vi.advanceTimersByTime(300);
    network.last.says({ ...hello, epoch: 'e2', offset: 0 });
    terminal.apply();
    vi.advanceTimersByTime(1000);
    expect(network.last.told('ack')).toEqual([]);
  });
});

describe('coming back', () => {
  it('T54 goes on at the position that it reached, and evicts nobody', () => {
    attached();
    network.last.closes(1006);
    expect(attachment.phase.name).toBe('waiting');
    vi.advanceTimersByTime(250);
    expect(Object.fromEntries(network.last.query)).toMatchObject({ takeover: '0', since: 'e1:103', resume: 'me' });
  });

  it('asks for a snapshot when the last one was not whole', () => {
    attached();
    network.last.delivers(snapshot(1, 500, 'half'));
    network.last.closes(1006);
    vi.advanceTimersByTime(250);
    expect(network.last.query.has('since')).toBe(false);
  });

  it('asks for a snapshot after a broken frame', () => {
    attached();
    network.last.delivers(new Uint8Array([1, 0]));
    vi.advanceTimersByTime(250);
    expect(network.sockets).toHaveLength(2);
    expect(network.last.query.has('since')).toBe(false);
  });

  it('forgets the position of another life of the journal', () => {
    attached();
    network.last.closes(1006);
    vi.advanceTimersByTime(250);
    network.last.says({ ...hello, epoch: 'e2' });
    network.last.closes(1006);
    vi.advanceTimersByTime(500);
    expect(network.last.query.has('since')).toBe(false);
  });

  it('backs off, twice as long each time, up to 15 s', () => {
    attached();
    const pauses: number[] = [];
    for (let loss = 0; loss < 9; loss++) {
      network.last.closes(1006);
      const sockets = network.sockets.length;
      let pause = 0;
      while (network.sockets.length === sockets) {
        vi.advanceTimersByTime(50);
        pause += 50;
      }
      pauses.push(pause);
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('begins anew after a connection that lasted', () => {
    attached();
    for (let loss = 0; loss < 4; loss++) {
      network.last.closes(1006);
      vi.advanceTimersByTime(15_000);
    }
    network.last.says(hello);
    vi.advanceTimersByTime(10_000);
    network.last.closes(1006);
    const sockets = network.sockets.length;
    vi.advanceTimersByTime(250);
    expect(network.sockets).toHaveLength(sockets + 1);
  });

  it('T82 reconnects at once when the daemon is upgraded', () => {
    attached();
    network.last.closes(4010);
    expect(network.sockets).toHaveLength(2);
    expect(Object.fromEntries(network.last.query)).toMatchObject({ since: 'e1:103', resume: 'me', takeover: '0' });
  });

  it('does not spin on a daemon that says "upgrading" for ever', () => {
    attached();
    for (let count = 0; count < 50; count++) network.last.closes(4010);
    expect(network.sockets.length).toBeLessThanOrEqual(2);
  });

  it.each([1001, 1005, 1006, 1011, 4008, 4999])('comes back after %i', (code) => {
    attached();
    network.last.closes(code);
    vi.advanceTimersByTime(60_000);
    expect(network.sockets.length).toBeGreaterThan(1);
  });

  it.each([
    [1000, 'closed'], [1003, 'refused'], [4001, 'taken_over'], [4002, 'ended'], [4003, 'signed_out'],
    [4004, 'gone'], [4009, 'busy'], [4011, 'not_permitted'],
  ])('T48 never comes back by itself after %i', (code, phase) => {
    attached();
    network.last.closes(code);
    vi.advanceTimersByTime(600_000);
    attachment.wake();
    expect(network.sockets).toHaveLength(1);
    expect(attachment.phase.name).toBe(phase);
  });

  it('T45 tells who took over, and takes back only when asked', () => {
    attached();
    network.last.says({ type: 'taken_over', by: 'alice', at: '2026-01-02T03:04:05Z' });
    network.last.closes(4001);
    expect(attachment.phase).toEqual({ name: 'taken_over', by: 'alice', at: '2026-01-02T03:04:05Z' });
    attachment.open({ mode: 'control', takeover: true });
    expect(Object.fromEntries(network.last.query)).toMatchObject({ takeover: '1', since: 'e1:103' });
    expect(network.last.query.has('resume')).toBe(false);
  });

  it('T59 keeps how the program ended', () => {
    attached();
    network.last.says({ type: 'exit', code: 3 });
    network.last.closes(4002);
    expect(attachment.phase).toEqual({ name: 'ended', code: 3, signal: null });
  });

  it('goes on as an observer after giving control up', () => {
    attached();
    attachment.release();
    network.last.says({ type: 'role', role: 'observer' });
    network.last.closes(1006);
    vi.advanceTimersByTime(250);
    expect(network.last.query.get('mode')).toBe('observe');
  });

  it('tries at once when the machine wakes up', () => {
    attached();
    network.last.closes(1006);
    attachment.wake();
    expect(network.sockets).toHaveLength(2);
  });

  it('stays closed once it was closed', () => {
    attached();
    network.last.closes(1006);
    attachment.close();
    vi.advanceTimersByTime(600_000);
    expect(network.sockets).toHaveLength(1);
    expect(network.last.closedWith).toBe(1000);
  });
});

describe('T58 the heartbeat', () => {
  it('pings every 20 s and gives a silent connection up', () => {
    attached();
    vi.advanceTimersByTime(60_000);
    expect(network.last.told('ping').map((ping) => ping['id'])).toEqual([1, 2, 3]);
    vi.advanceTimersByTime(20_000);
    expect(attachment.phase.name).toBe('waiting');
    expect(network.last.closedWith).toBe(1000);
  });

  it('keeps a connection that answers', () => {
    attached();
    for (let minute = 0; minute < 10; minute++) {
      vi.advanceTimersByTime(59_000);
      network.last.says({ type: 'pong', id: 1 });
    }
    expect(network.sockets).toHaveLength(1);
  });

  it('does not wait a minute after a wake-up', () => {
    attached();
    attachment.wake();
    expect(network.last.told('ping')).toHaveLength(1);
    vi.advanceTimersByTime(5_000);
    expect(attachment.phase.name).toBe('waiting');
  });
});
