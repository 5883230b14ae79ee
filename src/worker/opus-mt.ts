// The opus-mt models of the Hub, run by transformers.js: the one place where Winnow asks another machine for anything.
// Only translator.ts loads this, a worker whose content security policy lets the Hub through (scripts/lib/headers.ts).
import {
  env,
  LogitsProcessor,
  LogitsProcessorList,
  LogLevel,
  type ProgressInfo,
  pipeline,
  random,
  type Tensor,
} from '@huggingface/transformers';
import runtimeScript from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import runtimeBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { WinnowError } from '../engine/error.ts';
import type { Translate } from '../engine/uda/translation.ts';
import type { ReportBytes } from '../runs/protocol.ts';
import { type BackTranslation, modelsFor } from '../runs/translation.ts';
import type { Translator } from './translation-pass.ts';

/** Sentences at once: more would only wait for the longest of them. */
const BATCH = 16;

/** @throws WinnowError `network` where the models cannot be had, saying what was tried. */
export async function openOpusMt(how: BackTranslation, onProgress: ReportBytes): Promise<Translator> {
  configure();
  const models = modelsFor(how);
  const report = sumOfDownloads(onProgress);
  try {
    const [there, back] = await Promise.all(models.map((model) => openModel(model, how.temperature, report)));
    return { seed: random.seed, there: there!, back: back! };
  } catch (cause) {
    throw unavailable(models, cause);
  }
}

/** The runtime comes from our own origin, where the library would ask a CDN. */
function configure(): void {
  const { wasm } = env.backends.onnx;
  if (wasm) wasm.wasmPaths = { mjs: absolute(runtimeScript), wasm: absolute(runtimeBinary) };
  env.useWasmCache = false;
  env.cacheKey = 'winnow-opus-mt';
  env.logLevel = LogLevel.ERROR;
}

const absolute = (path: string): string => new URL(path, self.location.href).href;

async function openModel(name: string, temperature: number, report: (info: ProgressInfo) => void): Promise<Translate> {
  const translate = await pipeline('translation', name, { dtype: 'q8', device: 'wasm', progress_callback: report });
  const logits_processor = new LogitsProcessorList();
  logits_processor.push(new StayEnded(translate.tokenizer.eos_token_id));
  // Sampled from all words, as the authors do, where the model's own settings would search beams.
  const sampling = { do_sample: true, temperature, top_k: 0, num_beams: 1, logits_processor };
  return async (sentences) => {
    const translations: string[] = [];
    for (let from = 0; from < sentences.length; from += BATCH) {
      const batch = await translate(sentences.slice(from, from + BATCH), sampling);
      translations.push(...batch.flat().map((one) => one.translation_text));
    }
    return translations;
  };
}

/**
 * The library stops a batch when every sequence ends at the same step, and lets those that ended before go on. Sampled,
 * they would go on with words: here what has ended ends again and again, until the longest does.
 */
class StayEnded extends LogitsProcessor {
  constructor(private readonly end: number) {
    super();
  }

  override _call(sequences: bigint[][], logits: Tensor): Tensor {
    const words = logits.dims.at(-1) ?? 0;
    const scores = logits.data as Float32Array; // [B, V]
    for (const [row, sequence] of sequences.entries()) {
      if (!sequence.includes(BigInt(this.end))) continue;
      scores.fill(Number.NEGATIVE_INFINITY, row * words, (row + 1) * words);
      scores[row * words + this.end] = 0;
    }
    return logits;
  }
}

/** Bytes over the files of both models. */
function sumOfDownloads(onProgress: ReportBytes): (info: ProgressInfo) => void {
  const files = new Map<string, { readonly loaded: number; readonly total: number }>();
  return (info) => {
    if (info.status !== 'progress') return;
    files.set(`${info.name}/${info.file}`, info);
    const sum = (of: 'loaded' | 'total') => [...files.values()].reduce((bytes, file) => bytes + file[of], 0);
    onProgress(sum('loaded'), sum('total'));
  };
}

function unavailable(models: readonly string[], cause: unknown): WinnowError {
  const got = cause instanceof Error ? cause.message : String(cause);
  const message =
    `back-translation: expected the models ${models.join(' and ')} from ${env.remoteHost}, got "${got}". ` +
    'Check the connection, and that the network lets huggingface.co and hf.co through; then go on. ' +
    'Or translate elsewhere, and name the column of paraphrases in the data cell. All else works without them.';
  return new WinnowError('network', message, { cause });
}
