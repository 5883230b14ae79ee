import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelTask, maskedMatrices } from '../../src/engine/model/architecture.ts';
import { loadCheckpoint } from '../../src/engine/model/checkpoint.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import { buildFolder } from '../../src/engine/model/export/folder.ts';
import type { FolderSource } from '../../src/engine/model/export/source.ts';
import { encodeTexts } from '../../src/engine/text/classification.ts';
import { createTokenizer } from '../../src/engine/text/wordpiece.ts';
import { sampleMasks, sampleSource, summaryOf, vocabulary } from '../engine/model/export/sample.ts';
import { robertaJson } from '../engine/model/tiny.ts';
import { sampleTokenizer } from '../engine/text/byte-level-sample.ts';
import { findPython, pythonNeeded, runPython } from './python.ts';

const hasPython = findPython() !== null;

/** The golden model, fine-pruned by hand. */
function goldenSource(): FolderSource {
  const folder = 'tests/fixtures/qa-tiny/model';
  const { config, tensors } = loadCheckpoint({
    config: parseConfig(readFileSync(`${folder}/config.json`, 'utf8')),
    files: [readFileSync(`${folder}/model.safetensors`)],
    fileName: 'model.safetensors',
    task: 'question-answering',
    labels: 0,
    layers: null,
    seed: 1,
  });
  const total = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  const padded = Array.from({ length: config.vocabularySize }, (_, id) => vocabulary[id] ?? `[unused${id}]`);
  return {
    ...sampleSource('bert', 'question-answering'),
    config,
    tensors,
    masks: sampleMasks(config),
    summary: summaryOf(config, total),
    tokenizer: createTokenizer({ vocabulary: padded }),
  };
}

/** With a vocabulary of bytes and some merges, and room for as many tokens as that takes. */
function robertaSource(task: ModelTask): FolderSource {
  const tokenizer = sampleTokenizer();
  const sizes = { vocab_size: tokenizer.vocabulary.size, max_position_embeddings: 34 };
  return { ...sampleSource('roberta', task, parseConfig({ ...robertaJson, ...sizes })), tokenizer };
}

const sources: Record<string, FolderSource> = {
  BertForQuestionAnswering: goldenSource(),
  BertForSequenceClassification: { ...sampleSource('bert', 'text-classification'), dtype: 'F16' },
  BertForMaskedLM: sampleSource('bert', 'fill-mask'),
  DistilBertForMaskedLM: { ...sampleSource('distilbert', 'fill-mask'), dtype: 'F16' },
  DistilBertForQuestionAnswering: sampleSource('distilbert', 'question-answering'),
  DistilBertForSequenceClassification: sampleSource('distilbert', 'text-classification'),
  RobertaForMaskedLM: { ...robertaSource('fill-mask'), dtype: 'F16' },
  RobertaForQuestionAnswering: robertaSource('question-answering'),
  RobertaForSequenceClassification: robertaSource('text-classification'),
  ElectraForMaskedLM: sampleSource('electra', 'fill-mask'),
  ElectraForQuestionAnswering: { ...sampleSource('electra', 'question-answering'), dtype: 'F16' },
  ElectraForSequenceClassification: sampleSource('electra', 'text-classification'),
};

/** Of two classes, of a start at each token, and of each word at each. */
function logitsOf({ task, config }: FolderSource, tokens: number): number {
  const perToken = task === 'fill-mask' ? config.vocabularySize : 1;
  return task === 'text-classification' ? 2 : tokens * perToken;
}

/** What transformers is given: a text, and two of which the second ends with a mask. */
function encodingsOf({ tokenizer }: FolderSource) {
  const mask = [...tokenizer.vocabulary].find(([, id]) => id === tokenizer.specialIds.mask)?.[0];
  const encode = (texts: { text: string; textPair?: string }) => encodeTexts(tokenizer, texts, { maxSeqLength: 99 });
  return { single: encode({ text: 'Keep moves' }), pair: encode({ text: 'Keep', textPair: `moves ${mask}` }) };
}

interface Loaded {
  readonly type: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly mismatched: readonly string[];
  readonly dtype: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly zeros: Readonly<Record<string, number>>;
  readonly masksMatch: boolean;
  readonly inputIds: readonly number[];
  readonly pairIds: readonly number[];
  readonly maxLength: number;
  readonly logits: readonly number[];
  readonly tokenizerKeys: readonly string[];
  readonly card: readonly [string, number];
}

const load = `
import sys, json, os, numpy as np, torch, transformers
from safetensors import safe_open
from huggingface_hub import ModelCard
loaded = {}
for name in sys.argv[2:]:
    folder = os.path.join(sys.argv[1], name)
    model, info = getattr(transformers, "Auto" + name[name.index("For"):].replace("For", "ModelFor")).from_pretrained(
        folder, output_loading_info=True)
    state = model.eval().state_dict()
    zeros, match = {}, True
    with safe_open(os.path.join(folder, "masks.safetensors"), "np") as masks:
        for key in masks.keys():
            rows, columns = json.loads(masks.metadata()[key])
            mask = np.unpackbits(masks.get_tensor(key), bitorder="little")[: rows * columns].reshape(rows, columns)
            weight = state[key].numpy()
            zeros[key] = int((weight == 0).sum())
            match &= bool(((weight != 0) == (mask == 1)).all())
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    encoded = tokenizer("Keep moves", return_tensors="pt")
    with torch.no_grad():
        output = model(**encoded)
    logits = output.start_logits if "Question" in name else output.logits
    result = ModelCard.load(os.path.join(folder, "README.md")).data.eval_results[0]
    loaded[name] = dict(
        type=type(model).__name__, missing=list(info["missing_keys"]), unexpected=list(info["unexpected_keys"]),
        mismatched=[str(key) for key in info["mismatched_keys"]], dtype=str(model.dtype),
        labels=model.config.id2label, zeros=zeros, masksMatch=match, inputIds=encoded["input_ids"][0].tolist(),
        pairIds=tokenizer("Keep", "moves " + tokenizer.mask_token)["input_ids"], maxLength=tokenizer.model_max_length,
        tokenizerKeys=sorted(encoded.keys()), logits=logits[0].flatten().tolist(),
        card=[result.metric_type, result.metric_value])
print(json.dumps(loaded))
`;

describe.skipIf(!hasPython)(`from_pretrained on an exported folder (${pythonNeeded})`, () => {
  let root: string;
  afterAll(() => rmSync(root, { recursive: true }));
  let loaded: Record<string, Loaded>;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'winnow-export-'));
    for (const [name, source] of Object.entries(sources)) {
      mkdirSync(join(root, name));
      for (const { path, bytes } of buildFolder(source)) writeFileSync(join(root, name, path), bytes);
    }
    loaded = JSON.parse(runPython(load, [root, ...Object.keys(sources)]));
  }, 120_000);

  describe.each(Object.entries(sources))('%s', (name, source) => {
    it('finds every parameter, and none that it does not know', () => {
      expect(loaded[name]).toMatchObject({ type: name, missing: [], unexpected: [], mismatched: [] });
      expect(loaded[name]!.dtype).toBe(source.dtype === 'F16' ? 'torch.float16' : 'torch.float32');
    });

    it('finds the zeros that were reported, where the masks say', () => {
      const pruned = maskedMatrices(source.config).map(({ name: key, rows, columns }, at) => [
        key,
        rows * columns - source.summary.keptByMatrix[at]!,
      ]);
      expect(loaded[name]!.zeros).toEqual(Object.fromEntries(pruned));
      expect(loaded[name]!.masksMatch).toBe(true);
    });

    it('tokenizes and runs', () => {
      const { single, pair } = encodingsOf(source);
      expect(loaded[name]!.inputIds).toEqual(single.inputIds);
      expect(loaded[name]!.pairIds).toEqual(pair.inputIds);
      expect(loaded[name]!.maxLength).toBe(source.config.maxPositions);
      expect(loaded[name]!.tokenizerKeys.includes('token_type_ids')).toBe(source.config.typeVocabularySize > 1);
      expect(loaded[name]!.logits).toHaveLength(logitsOf(source, single.inputIds.length));
      expect(loaded[name]!.logits.every(Number.isFinite)).toBe(true);
    });

    it("reads the card's results", () => expect(loaded[name]!.card).toEqual(['f1', 0.875]));
  });

  it('keeps the class names', () => {
    expect(loaded.BertForSequenceClassification!.labels).toEqual({ 0: 'ham', 1: 'spam' });
  });
});
