// Rows of a position table where padding is skipped, as in RoBERTa (fairseq's make_positions).

/** [B·T]: padding has the row of its own id, and a text's other tokens count on from there. */
export function positionIds(ids: ArrayLike<number>, tokens: number, padding: number): Int32Array {
  let last = padding;
  return Int32Array.from(ids, (id, index) => {
    if (index % tokens === 0) last = padding;
    return id === padding ? padding : ++last;
  });
}
