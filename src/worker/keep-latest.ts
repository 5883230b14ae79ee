/**
 * What was read last stays at hand: pages of the same rows, or row after row, are asked for one by one. A failure is
 * not kept.
 */
export function keepLatest<C, T>(load: (choice: C) => Promise<T>): (choice: C) => Promise<T> {
  let latest: { readonly key: string; readonly value: Promise<T> } | null = null;
  return async (choice) => {
    const key = JSON.stringify(choice);
    if (latest?.key !== key) latest = { key, value: load(choice) };
    const mine = latest;
    try {
      return await mine.value;
    } catch (error) {
      if (latest === mine) latest = null;
      throw error;
    }
  };
}
