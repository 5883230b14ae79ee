/** Browsers let an element be so high and no higher, Firefox 17.9 million pixels: rows of up to 80 fit. */
export const mostRowsAtOnce = 200_000;

/** Rows [from, to) of each table that shows a part of very many. */
export function stretchesOf(total: number): readonly { readonly from: number; readonly to: number }[] {
  return Array.from({ length: Math.ceil(total / mostRowsAtOnce) }, (_, index) => ({
    from: index * mostRowsAtOnce,
    to: Math.min(total, (index + 1) * mostRowsAtOnce),
  }));
}
