/** Calls while one is under way become one call after it: what it read may be older than they are. */
export function oneAfterTheOther(act: () => Promise<void>): () => void {
  let isUnderWay = false;
  let isWanted = false;
  return async () => {
    isWanted = true;
    if (isUnderWay) return;
    isUnderWay = true;
    while (isWanted) {
      isWanted = false;
      await act();
    }
    isUnderWay = false;
  };
}
