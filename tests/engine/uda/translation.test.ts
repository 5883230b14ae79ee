import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backTranslate, joinSentences, splitSentences } from '../../../src/engine/uda/translation.ts';

const textsOf = (text: string) => splitSentences(text).map((sentence) => sentence.text);

describe('sentences of a text', () => {
  it('end with their punctuation, or with the line', () => {
    expect(textsOf('A good film. Is it? Yes!\n\nSee it  soon')).toEqual([
      'A good film.',
      'Is it?',
      'Yes!',
      '',
      'See it  soon',
    ]);
  });

  it('are cut after 80 words where nothing else ends them', () => {
    const words = Array.from({ length: 170 }, (_, i) => `w${i}`);
    const lengths = textsOf(words.join(' ')).map((text) => text.split(' ').length);
    expect(lengths).toEqual([80, 80, 10]);
  });

  it('joined again are the text, whatever it holds', () => {
    const messy = fc.string({
      unit: fc.constantFrom('a', 'B', '. ', ' ', '\n', '\t', '!', '\r\n', '\u00a0', '猫。', '😀'),
    });
    fc.assert(fc.property(messy, (text) => joinSentences(splitSentences(text)) === text));
  });
});

describe('back-translation', () => {
  const there = async (sentences: readonly string[]) => sentences.map((text) => `<${text}>`);
  const back = async (sentences: readonly string[]) => sentences.map((text) => text.toUpperCase());

  it('takes each sentence there and back, and keeps what is between', async () => {
    expect(await backTranslate('  One here.\n\n-- \nTwo there?  ', there, back)).toBe(
      '  <ONE HERE.>\n\n-- \n<TWO THERE?>  ',
    );
  });

  it('asks no model about a text without words', async () => {
    const never = async () => Promise.reject(new Error('asked'));
    expect(await backTranslate('42 -- 7\n', never, never)).toBe('42 -- 7\n');
  });

  it('asks once for all sentences of a text', async () => {
    const asked: string[][] = [];
    const record = async (sentences: readonly string[]) => {
      asked.push([...sentences]);
      return sentences;
    };
    await backTranslate('One here. Two there.', record, record);
    expect(asked).toEqual([
      ['One here.', 'Two there.'],
      ['One here.', 'Two there.'],
    ]);
  });
});
