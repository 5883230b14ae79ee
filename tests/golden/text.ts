// Compares the text side with golden vectors: tokens, windows and SQuAD scores of Hugging Face and the official script.
// Free of file access, so that it runs in a browser too.
import { answerF1, exactMatch } from '../../src/engine/text/metrics.ts';
import { questionFeatures } from '../../src/engine/text/squad-features.ts';
import type { Tokenizer } from '../../src/engine/text/tokenizer.ts';
import type { QuestionExample } from '../../src/engine/text/types.ts';
import { createTokenizer } from '../../src/engine/text/wordpiece.ts';

interface GoldenText {
  readonly text: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  readonly offsets: readonly (readonly number[])[];
}

interface GoldenQuestion extends Pick<QuestionExample, 'context' | 'question' | 'answers'> {
  readonly windows: readonly {
    readonly input_ids: readonly number[];
    readonly token_type_ids: readonly number[];
    readonly start: number;
    readonly end: number;
    /** The window's first token, counted in the tokens of the whole context. */
    readonly context_from: number;
  }[];
}

export interface TextGolden {
  readonly wordpiece: readonly GoldenText[];
  readonly squadFeatures: {
    readonly max_seq_length: number;
    readonly doc_stride: number;
    readonly features: readonly GoldenQuestion[];
  };
  readonly squadMetric: readonly {
    readonly prediction: string;
    readonly answers: readonly string[];
    readonly em: boolean;
    readonly f1: number;
  }[];
  /** `model.vocab` of the default model's tokenizer.json: bert-base-uncased. */
  readonly vocabulary: Readonly<Record<string, number>>;
}

export interface TextReport {
  readonly wordpieceMismatches: number;
  readonly featureMismatches: number;
  readonly metricMismatches: number;
  readonly counts: {
    readonly texts: number;
    readonly questions: number;
    readonly windows: number;
    readonly scores: number;
  };
}

export function checkText({ wordpiece, squadFeatures, squadMetric, vocabulary }: TextGolden): TextReport {
  const tokenizer = createTokenizer({ vocabulary: new Map(Object.entries(vocabulary)) });
  const { features, max_seq_length: maxSeqLength, doc_stride: docStride } = squadFeatures;
  const count = <T>(items: readonly T[], isWrong: (item: T) => boolean) => items.filter(isWrong).length;
  return {
    wordpieceMismatches: count(wordpiece, ({ text, ...golden }) => !isSame(tokenizer.encode(text), golden)),
    featureMismatches: count(features, (golden) => {
      return !isSame(windowsOf(tokenizer, golden, { maxSeqLength, docStride }), golden.windows);
    }),
    metricMismatches: count(squadMetric, ({ prediction, answers, em, f1 }) => {
      return exactMatch(prediction, answers) !== Number(em) || Math.abs(answerF1(prediction, answers) - f1) > 1e-12;
    }),
    counts: {
      texts: wordpiece.length,
      questions: features.length,
      windows: features.reduce((sum, { windows }) => sum + windows.length, 0),
      scores: squadMetric.length,
    },
  };
}

/** Our windows in the golden file's terms; a window whose offsets and ids disagree starts at −1. */
function windowsOf(
  tokenizer: Tokenizer,
  { context, question, answers }: GoldenQuestion,
  options: { maxSeqLength: number; docStride: number },
): GoldenQuestion['windows'] {
  const example = { id: 'golden', title: '', context, question, answers };
  const tokens = tokenizer.encode(context);
  return questionFeatures(tokenizer, [example], options).map((feature) => {
    const context_from = tokens.offsets.findIndex((offsets) => isSame(offsets, feature.offsets[0]));
    const to = context_from + feature.offsets.length;
    const hasItsTokens =
      isSame(feature.offsets, tokens.offsets.slice(context_from, to)) &&
      isSame(feature.inputIds.slice(feature.contextFrom, -1), tokens.ids.slice(context_from, to));
    return {
      input_ids: feature.inputIds,
      token_type_ids: feature.tokenTypeIds,
      start: feature.startPosition,
      end: feature.endPosition,
      context_from: hasItsTokens ? context_from : -1,
    };
  });
}

/** Equal as JSON, whatever the order of keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
