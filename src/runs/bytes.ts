/** Bytes as a person reads them: 640 KiB, 1.5 MiB, 183 MiB, 1.31 GiB. */
export function bytes(value: number): string {
  if (value >= 2 ** 30) return `${Number((value / 2 ** 30).toPrecision(3))} GiB`;
  if (value >= 2 ** 20) return `${(value / 2 ** 20).toFixed(value < 10 * 2 ** 20 ? 1 : 0)} MiB`;
  return `${(value / 2 ** 10).toFixed(0)} KiB`;
}
