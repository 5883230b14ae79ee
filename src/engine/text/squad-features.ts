// Questions to windows of question and context, `[CLS] question [SEP] context [SEP]` for BERT, as transformers' run_qa prepares SQuAD: doc_stride is the
// overlap of neighbouring windows, and a window without the whole answer points at [CLS].
import { WinnowError } from '../error.ts';
import { joinTexts, type Offsets, specialTokens, type TokenizedText, type Tokenizer } from './tokenizer.ts';
import type { QuestionExample, QuestionFeature } from './types.ts';

export interface WindowOptions {
  readonly maxSeqLength: number;
  readonly docStride: number;
}

/** Token indices [from, to) of a context. */
interface TokenRange {
  readonly from: number;
  readonly to: number;
}

export const MAX_QUESTION_TOKENS = 64;

/**
 * @throws WinnowError `bad-data` for an answer that is not where it says, `bad-settings` where the question leaves no
 * room for the context to move on by doc_stride.
 */
export function questionFeatures(
  tokenizer: Tokenizer,
  examples: readonly QuestionExample[],
  options: WindowOptions,
): QuestionFeature[] {
  const encodeContext = createContextEncoder(tokenizer);
  return examples.flatMap((example, exampleIndex) => {
    const problem = findProblem(example);
    if (problem) throw new WinnowError('bad-data', problem);
    const question = tokenizer.encode(example.question).ids.slice(0, MAX_QUESTION_TOKENS);
    const context = encodeContext(example.context);
    const answer = findAnswer(example, context.offsets);
    const besideContext = question.length + specialTokens(tokenizer, 2);
    return splitContext(example.id, context.ids.length, besideContext, options).map((window) => {
      const { secondFrom, ...encoding } = joinTexts(tokenizer, question, context.ids.slice(window.from, window.to));
      const position = (token: number) => secondFrom + token - window.from;
      const holdsAnswer = answer && window.from <= answer.from && answer.to <= window.to;
      return {
        exampleIndex,
        ...encoding,
        startPosition: holdsAnswer ? position(answer.from) : 0,
        endPosition: holdsAnswer ? position(answer.to - 1) : 0,
        contextFrom: secondFrom,
        offsets: context.offsets.slice(window.from, window.to),
      };
    });
  });
}

export interface AnswerProblem {
  readonly id: string;
  readonly message: string;
}

/** Parts the examples that can be trained on from those whose answer is not where it says. */
export function checkAnswers(examples: readonly QuestionExample[]): {
  ok: QuestionExample[];
  problems: AnswerProblem[];
} {
  const ok: QuestionExample[] = [];
  const problems: AnswerProblem[] = [];
  for (const example of examples) {
    const message = findProblem(example);
    if (message) problems.push({ id: example.id, message });
    else ok.push(example);
  }
  return { ok, problems };
}

function findProblem({ id, context, answers }: QuestionExample): string | null {
  for (const { text, answer_start } of answers) {
    const got = context.slice(Math.max(answer_start, 0), Math.max(answer_start, 0) + text.length);
    if (text !== '' && answer_start >= 0 && got === text) continue;
    const expected = `question ${id}: expected ${JSON.stringify(text)} at character ${answer_start} of the context`;
    return `${expected}, got ${JSON.stringify(got)}. ${suggestFix(context, text)}`;
  }
  return null;
}

function suggestFix(context: string, text: string): string {
  const found = text === '' ? -1 : context.indexOf(text);
  return found < 0 ? 'It is nowhere in the context: correct or drop this answer.' : `Set answer_start to ${found}.`;
}

/** The questions of a paragraph follow each other: its tokens are worth keeping until the next one. */
function createContextEncoder(tokenizer: Tokenizer): (context: string) => TokenizedText {
  let latest: { context: string; tokens: TokenizedText } | null = null;
  return (context) => {
    if (latest?.context !== context) latest = { context, tokens: tokenizer.encode(context) };
    return latest.tokens;
  };
}

/** The tokens that overlap the first answer, the one to train on. */
function findAnswer({ answers }: QuestionExample, offsets: readonly Offsets[]): TokenRange | null {
  const answer = answers[0];
  if (!answer) return null;
  const end = answer.answer_start + answer.text.length;
  const from = offsets.findIndex((token) => token[1] > answer.answer_start);
  const to = offsets.findLastIndex((token) => token[0] < end) + 1;
  return from >= 0 && from < to ? { from, to } : null;
}

/** Windows that share doc_stride tokens; the last one ends with the context. */
function splitContext(id: string, tokens: number, others: number, options: WindowOptions): TokenRange[] {
  const room = options.maxSeqLength - others;
  if (tokens <= room) return [{ from: 0, to: tokens }];
  const stride = room - options.docStride;
  if (stride < 1) {
    const got = `doc_stride ${options.docStride} with room for ${Math.max(room, 0)} context tokens at question ${id}`;
    const message = `windows: expected doc_stride below the room that max_seq_length leaves, got ${got}.`;
    throw new WinnowError('bad-settings', `${message} Raise max_seq_length or lower doc_stride.`);
  }
  const windows: TokenRange[] = [];
  for (let from = 0; windows.at(-1)?.to !== tokens; from += stride) {
    windows.push({ from, to: Math.min(from + room, tokens) });
  }
  return windows;
}
