import { expect, it } from 'vitest';
import { positionIds } from '../../../src/engine/gpu/position-ids.ts';

it('positions that skip padding count on behind its id, in each text anew', () => {
  const texts = [
    [5, 6, 7, 1],
    [5, 1, 6, 1],
  ];
  // Ids of transformers' create_position_ids_from_input_ids for these.
  expect([...positionIds(texts.flat(), 4, 1)]).toEqual([2, 3, 4, 1, 2, 1, 3, 1]);
});
