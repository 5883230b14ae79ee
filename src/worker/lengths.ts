// How long all texts of a data set are, in a model's tokens.
import { measureLengths, type TokenLengths } from '../engine/text/lengths.ts';
import type { Tokenizer } from '../engine/text/tokenizer.ts';
import type { Dataset, SplitName } from '../engine/text/types.ts';
import type { ReportBytes } from '../runs/protocol.ts';
import { splitNames } from '../runs/spec.ts';

/** A run beside it waits for no more than these. */
const textsPerBreath = 16;

export async function measureData(
  tokenizer: Tokenizer,
  { splits }: Dataset,
  o: { readonly onProgress: ReportBytes; breathe(): Promise<void> },
): Promise<Readonly<Record<SplitName, TokenLengths>>> {
  const total = splitNames.reduce((sum, split) => sum + splits[split].length, 0);
  let before = 0;
  const measured: Partial<Record<SplitName, TokenLengths>> = {};
  for (const split of splitNames) {
    const measuring = measureLengths(tokenizer, splits[split]);
    let next = measuring.next();
    for (; !next.done; next = measuring.next()) {
      if (next.value % textsPerBreath !== 0) continue;
      o.onProgress(before + next.value, total);
      await o.breathe();
    }
    measured[split] = next.value;
    before += splits[split].length;
  }
  return measured as Record<SplitName, TokenLengths>;
}
