import { describe, expect, it } from 'vitest';
import { copiedText } from '../../src/ui/terminal/clipboard';

describe('T14 OSC 52', () => {
  it('copies text', () => {
    expect(copiedText(`c;${Buffer.from('grüße').toString('base64')}`)).toBe('grüße');
  });

  it('does so for any selection, and for none', () => {
    expect(copiedText(';YQ==')).toBe('a');
    expect(copiedText('p0;YQ==')).toBe('a');
  });

  it.each(['c;?', 'c;', 'c', '', 'c;%%%', 'c;gA=='])('copies nothing for %j', (data) => {
    expect(copiedText(data)).toBeNull();
  });

  it('bounds what a program may copy', () => {
    expect(copiedText(`c;${'YWFh'.repeat(400_000)}`)).toBeNull();
  });
});
