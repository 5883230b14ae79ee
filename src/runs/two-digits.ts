/** A number in words of the page, to the two digits that matter: 0.15, 5e-5, 1e7, −3. */
export function twoDigits(value: number): string {
  const rounded = Number(value.toPrecision(2));
  const size = Math.abs(rounded);
  const text = size !== 0 && (size < 1e-3 || size >= 1e6) ? rounded.toExponential().replace('+', '') : String(rounded);
  return value < 0 ? `−${text.slice(1)}` : text;
}
