// Words hidden for a model to fill in (Devlin et al. 2019, §3.1): 15 % of a text's tokens are asked for; of these 80 %
// are replaced by [MASK], 10 % by any token and 10 % stay. As in the BERT authors' code a text gives a fixed share of its
// tokens; unlike there, and as in RoBERTa, they are drawn anew with every seed. How texts are batched changes nothing.
import { createRandom, deriveSeed, shuffle } from '../random.ts';
import { type PaddingOptions, padBatch } from './batches.ts';
import type { Batch, Encoding, Feature } from './types.ts';

/** Tokens asked for, as rows of a batch's [B·T], each once. Both [M]; where texts give fewer the rest has label −1. */
export interface MaskedTokens {
  readonly places: Int32Array;
  readonly labels: Int32Array;
}

export interface MaskingOptions {
  /** Share of a text's tokens, special ones not counted. */
  readonly probability: number;
  /** Id of [MASK]. */
  readonly maskId: number;
  readonly vocabularySize: number;
  readonly seed: number;
}

/** M: the same for all batches of a shape. */
export function mostMasked({ batchSize, tokens }: Pick<Batch, 'batchSize' | 'tokens'>, probability: number): number {
  return batchSize * countOf(tokens - 2, probability);
}

/** At least one, however short the text. */
const countOf = (tokens: number, probability: number): number => Math.max(1, Math.round(probability * tokens));

export function maskBatch(
  features: readonly Feature[],
  options: MaskingOptions,
  padding: PaddingOptions,
): Batch & { readonly masked: MaskedTokens } {
  const texts = features.map((feature) =>
    maskText(feature, { ...options, seed: deriveSeed(options.seed, feature.exampleIndex) }),
  );
  const batch = padBatch(
    features.map((feature, row) => ({ ...feature, inputIds: texts[row]!.inputIds })),
    padding,
  );
  const size = mostMasked(batch, options.probability);
  const [places, labels] = [new Int32Array(size), new Int32Array(size).fill(-1)];
  let next = 0;
  for (const [row, { asked }] of texts.entries()) {
    for (const { place, label } of asked) {
      places[next] = row * batch.tokens + place;
      labels[next++] = label;
    }
  }
  return { ...batch, masked: { places, labels } };
}

interface MaskedText {
  readonly inputIds: readonly number[];
  readonly asked: readonly { readonly place: number; readonly label: number }[];
}

/** Whether a text has a token that can be asked for. */
export const hasWords = (text: Encoding): boolean => openPlaces(text).length > 0;

/** The first and the last token are special, and so are those like the last, which part two texts. */
function openPlaces({ inputIds }: Encoding): number[] {
  const separator = inputIds.at(-1);
  return inputIds.flatMap((id, place) => (place === 0 || id === separator ? [] : [place]));
}

function maskText(text: Encoding, o: MaskingOptions): MaskedText {
  const { inputIds } = text;
  const open = openPlaces(text);
  const count = Math.min(open.length, countOf(open.length, o.probability));
  const random = createRandom(o.seed);
  const chosen = shuffle(open.length, random.bits()).slice(0, count);
  const masked = [...inputIds];
  const asked = chosen.map((which) => {
    const place = open[which]!;
    const draw = random.float();
    if (draw < 0.8) masked[place] = o.maskId;
    else if (draw < 0.9) masked[place] = random.integer(o.vocabularySize);
    return { place, label: inputIds[place]! };
  });
  return { inputIds: masked, asked };
}
