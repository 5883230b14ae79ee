import { describe, expect, it } from 'vitest';
import { formatPolicy, parsePolicy, usesSynonyms } from '../../../src/engine/uda/policy.ts';

describe('a policy', () => {
  it('is read in the authors’ notation', () => {
    expect(parsePolicy('tf_idf-0.7')).toEqual([{ kind: 'tf_idf', strength: 0.7 }]);
    expect(parsePolicy('bt-0.9 + unif-.3+eda-1')).toEqual([
      { kind: 'bt', temperature: 0.9 },
      { kind: 'unif', strength: 0.3 },
      { kind: 'eda', strength: 1 },
    ]);
  });

  it('back-translates at the authors’ temperature where it states none', () => {
    expect(parsePolicy('bt')).toEqual([{ kind: 'bt', temperature: 0.9 }]);
    expect(formatPolicy(parsePolicy('bt-0.8+swap-0.1'))).toBe('bt-0.8+swap-0.1');
  });

  it('tells whether it needs synonyms', () => {
    const all = ['tf_idf', 'unif', 'swap', 'delete', 'spelling', 'eda', 'synonym', 'insert'];
    expect(all.filter((kind) => usesSynonyms(parsePolicy(`bt+${kind}-0.1`)))).toEqual(['eda', 'synonym', 'insert']);
  });

  it.each([
    [
      'tf_idf-0',
      'expected a policy that changes something, got "tf_idf-0". Write a share above 0, such as tf_idf-0.3.',
    ],
    ['bt+swap-0.0', 'expected a policy that changes something, got "swap-0.0"'],
    ['tf_idf', 'expected a share of the words replaced by TF-IDF, above 0 and up to 1, got "tf_idf"'],
    ['unif-30', 'above 0 and up to 1, got "unif-30"'],
    ['unif--0.3', 'expected one of tf_idf, unif, '],
    [
      'synonyms-0.1',
      'expected one of tf_idf, unif, eda, synonym, insert, swap, delete, spelling, bt, got "synonyms-0.1"',
    ],
    ['toString-0.1', 'expected one of'],
    ['bt-0', 'expected a temperature above 0 and up to 1, got "bt-0". Write it as in bt-0.9.'],
    ['bt-9', 'expected a temperature above 0 and up to 1, got "bt-9"'],
    ['tf_idf-0.3+', 'expected one of'],
    ['', 'expected one of'],
  ])('%j is refused', (notation, message) => {
    expect(() => parsePolicy(notation)).toThrow(message);
  });
});
