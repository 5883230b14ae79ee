import { describe, expect, it } from 'vitest';
import { WinnowError } from '../../src/engine/error.ts';
import { parseForeignJson } from '../../src/engine/json.ts';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('parseForeignJson', () => {
  it('takes a hundred levels and no more, whatever strings hold', () => {
    expect(JSON.stringify(parseForeignJson(nested(100)))).toBe(nested(100));
    expect(() => parseForeignJson(nested(101))).toThrow('more than 100 levels of nesting');
    const quoted = JSON.stringify({ '"[': `\\"${'['.repeat(200)}` });
    expect(JSON.stringify(parseForeignJson(quoted))).toBe(quoted);
  });

  it.each(['', '"', '"\\', '[', ']]]]', '{"a":}'])('refuses %j as JSON.parse does', (text) => {
    expect(() => parseForeignJson(text)).toThrow(SyntaxError);
  });
});

describe('WinnowError', () => {
  it('shows no more of a file than a person reads, and still says what to do', () => {
    const { message } = new WinnowError('bad-data', `a.json: expected a number, got "${'x'.repeat(1e6)}". Mend it.`);
    expect(message.length).toBeLessThanOrEqual(1000);
    expect(message).toMatch(/^a\.json: expected a number, got "x+ … x+"\. Mend it\.$/);
  });
});
