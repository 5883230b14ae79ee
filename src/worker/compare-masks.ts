// Two finished runs, matrix by matrix: where their masks agree, and whether what decided them does.
import { maskAgreement, maskBit } from '../engine/pruning/agreement.ts';
import { correlation, ranks } from '../engine/pruning/rank-correlation.ts';
import type { MaskComparison, MatrixData, ReportBytes } from '../runs/protocol.ts';
import type { MatrixReader } from './matrix.ts';

interface CompareOptions {
  readonly left: string;
  readonly right: string;
  readonly onProgress: ReportBytes;
  readonly breathe: () => Promise<void>;
}

/** Of the matrices that both runs have in the same shape. */
export async function compareMasks(
  reader: MatrixReader,
  { left, right, onProgress, breathe }: CompareOptions,
): Promise<readonly MaskComparison[]> {
  const others = new Set(await reader.namesOf(right));
  const names = (await reader.namesOf(left)).filter((name) => others.has(name));
  const rows: MaskComparison[] = [];
  let done = 0;
  for (const name of names) {
    const [a, b] = [await reader.read(left, name), await reader.read(right, name)];
    await breathe();
    done += a.finetuned.byteLength + b.finetuned.byteLength;
    if (a.finetuned.length === b.finetuned.length) rows.push(comparisonOf(a, b));
    onProgress(done, 0);
  }
  return rows;
}

function comparisonOf(a: MatrixData, b: MatrixData): MaskComparison {
  const magnitude = ranks(a.pretrained.map(Math.abs));
  return {
    info: a.info,
    agreement: maskAgreement(a.mask, b.mask, a.finetuned.length),
    scores: correlation(ranks(decidedBy(a)), ranks(decidedBy(b))),
    magnitude: [correlation(magnitude, maskRanks(a)), correlation(magnitude, maskRanks(b))],
  };
}

const decidedBy = ({ scores, finetuned }: MatrixData): Float32Array => scores ?? finetuned.map(Math.abs);

/** A mask's values are their own ranks but for a scale, which a correlation does not see. */
const maskRanks = ({ mask, finetuned }: MatrixData): Float32Array => finetuned.map((_, index) => maskBit(mask, index));
