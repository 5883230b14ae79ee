/** A table with its first column to the left and the others to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Whole numbers whole, others with three digits that matter: 0.812, 8.12, 81.2, 8,120. */
export function shortNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-GB');
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-GB', { maximumFractionDigits: decimals, minimumFractionDigits: decimals });
}
