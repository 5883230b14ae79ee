import { describe, expect, it } from 'vitest';
import { aloneRight } from '../../src/ui/cells/alone-right.ts';

const judged = (...answers: readonly string[]) =>
  answers.map((predicted, index) => ({
    id: String(index),
    text: `text ${index}`,
    expected: 'ham',
    predicted,
    isRight: predicted === 'ham',
  }));

describe('aloneRight', () => {
  it('finds what one run gets right and all others get wrong, with what they said', () => {
    const [dense, magnitude, movement] = [
      judged('ham', 'ham', 'spam', 'ham'),
      judged('spam', 'spam', 'ham', 'ham'),
      judged('ham', 'eggs', 'ham', 'spam'),
    ];
    expect(aloneRight(dense, [magnitude, movement])).toEqual([{ example: dense[1], elsewhere: ['spam', 'eggs'] }]);
    expect(aloneRight(magnitude, [dense, movement])).toEqual([]);
  });
});
