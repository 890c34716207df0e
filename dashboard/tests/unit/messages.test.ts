import { describe, expect, it } from 'vitest';
import { readMessage } from '../../src/attach/messages';
import { attachPath } from '../../src/attach/url';

describe('text messages', () => {
  it('reads a hello', () => {
    const hello = { type: 'hello', proto: 'sessiond.v1', epoch: 'a1', role: 'controller', cols: 80, rows: 24, offset: 5 };
    expect(readMessage(JSON.stringify(hello))).toEqual(hello);
  });

  it.each(['{"type":"weather"}', '{"type":"constructor"}', '{"no":"type"}', '[]', 'null', '"hello"', '{', ''])('T83 ignores %s', (text) => {
    expect(readMessage(text)).toBeNull();
  });

  it.each(['{"type":"hello","epoch":"a"}', '{"type":"size","cols":"80","rows":24}', '{"type":"role"}'])('T97 ignores the incomplete %s', (text) => {
    expect(readMessage(text)).toBeNull();
  });

  it('keeps keys that it does not know', () => {
    expect(readMessage('{"type":"pong","id":4,"later":true}')).toEqual({ type: 'pong', id: 4, later: true });
  });
});

describe('the attach path', () => {
  it('names position and attachment as the endpoint wants them', () => {
    const path = attachPath('a b', {
      mode: 'control', takeover: true, size: { cols: 100, rows: 30 }, since: { epoch: '0z', offset: 42 }, resume: 'x/y',
    });
    expect(path).toBe('/v1/sessions/a%20b/attach?mode=control&takeover=1&cols=100&rows=30&since=0z:42&resume=x%2Fy');
  });

  it('leaves out what is not there', () => {
    expect(attachPath('s', { mode: 'observe', takeover: false, size: null, since: null, resume: null }))
      .toBe('/v1/sessions/s/attach?mode=observe&takeover=0');
  });
});
