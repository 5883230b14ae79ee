/** Rows as a CSV file; text that holds a comma, a quote or a line break stands in quotes. */
export async function csvBlob(rows: readonly (readonly (string | number)[])[]): Promise<Blob> {
  const { unparse } = await import('papaparse');
  return new Blob([unparse(rows as (string | number)[][], { newline: '\n' }), '\n'], { type: 'text/csv' });
}
