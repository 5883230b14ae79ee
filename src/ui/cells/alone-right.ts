import type { Judgement } from '../../runs/protocol.ts';

export interface AloneRight {
  readonly example: Judgement;
  /** What the other runs said instead, in their order. */
  readonly elsewhere: readonly string[];
}

/** Examples that a run gets right and all others get wrong. All were asked about the same split, in the same order. */
export function aloneRight(
  own: readonly Judgement[],
  others: readonly (readonly Judgement[])[],
): readonly AloneRight[] {
  return own.flatMap((example, index) => {
    const elsewhere = others.map((judgements) => judgements[index]);
    if (!example.isRight || elsewhere.some((other) => other?.isRight)) return [];
    return [{ example, elsewhere: elsewhere.map((other) => other?.predicted ?? '') }];
  });
}
