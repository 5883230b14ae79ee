import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { buildFolder } from '../../../../src/engine/model/export/folder.ts';
import type { FolderSource } from '../../../../src/engine/model/export/source.ts';
import { verifyZip } from '../../../../src/engine/model/export/verify.ts';
import { zipFolder } from '../../../../src/engine/model/export/zip.ts';
import { failureOf } from '../tiny.ts';
import { packBits, sampleSource, summaryOf } from './sample.ts';

const source = sampleSource('bert', 'text-classification');
const zipOf = (from: FolderSource) => zipFolder('tiny', buildFolder(from));
const query = 'bert.encoder.layer.0.attention.self.query.weight';

describe('zipFolder', () => {
  it('puts all files, unchanged, under one top folder', async () => {
    const files = buildFolder(source);
    const unzipped = unzipSync(await zipFolder('tiny', files));
    expect(unzipped).toEqual(Object.fromEntries(files.map(({ path, bytes }) => [`tiny/${path}`, bytes])));
  });
});

describe('verifyZip', () => {
  it.each(['F32', 'F16'] as const)('counts the pruned weights of a sound %s folder', async (dtype) => {
    // 256 weights of linear maps, 92 kept.
    expect(verifyZip(await zipOf({ ...source, dtype }), source.config, source.summary)).toBe(164);
  });

  it('accepts a dense folder, whose matrices are all kept', async () => {
    const keptByMatrix = source.summary.keptByMatrix.map((_, at) => (at % 6 < 4 ? 16 : 32));
    const summary = { ...source.summary, keptByMatrix, encoderKept: 256, modelNonZero: 454 };
    expect(verifyZip(await zipOf({ ...source, masks: new Map() }), source.config, summary)).toBe(0);
  });

  it('accepts a kept weight that happens to be zero', async () => {
    const tensors = new Map([...source.tensors, [query, { shape: [4, 4], data: new Float32Array(16) }]]);
    expect(verifyZip(await zipOf({ ...source, tensors }), source.config, source.summary)).toBe(164);
  });

  it('finds a pruned weight that is not zero', async () => {
    const masks = new Map([...source.masks, [query, packBits(16, (i) => i % 3 === 1)]]);
    const files = buildFolder(source).filter(({ path }) => path !== 'masks.safetensors');
    const other = buildFolder({ ...source, masks }).filter(({ path }) => path === 'masks.safetensors');
    const zip = await zipFolder('tiny', [...files, ...other]);
    // The other mask prunes weight 0, which the first kept.
    expect(failureOf(() => verifyZip(zip, source.config, source.summary))).toMatchObject({
      code: 'internal',
      message: `zip: ${query}: pruned weight 0: expected 0, got another value. The download is withheld.`,
    });
  });

  it.each([
    [
      'one matrix',
      { keptByMatrix: [7, ...source.summary.keptByMatrix.slice(1)] },
      `${query}: weights kept: expected 7, got 6`,
    ],
    ['the encoder', { encoderKept: 93 }, 'encoder: weights kept: expected 93, got 92'],
    ["the encoder's size", { encoderTotal: 255 }, 'encoder: weights: expected 255, got 256'],
    ['the model', { modelTotal: 455 }, 'model: parameters: expected 455, got 454'],
    ['non-zero parameters', { modelNonZero: 289 }, 'model: non-zero parameters: expected at most 289, got 290'],
  ])('finds a report that is wrong about %s', async (_, wrong, message) => {
    const zip = await zipOf(source);
    expect(failureOf(() => verifyZip(zip, source.config, { ...source.summary, ...wrong }))).toMatchObject({
      code: 'internal',
      message: expect.stringContaining(message),
    });
  });

  it('says so when the zip cannot be read', async () => {
    const zip = await zipFolder('tiny', []);
    for (const bytes of [zip, new Uint8Array(100)]) {
      expect(failureOf(() => verifyZip(bytes, source.config, source.summary))).toMatchObject({
        code: 'internal',
      });
    }
  });

  it('reads DistilBERT folders as well', async () => {
    const distilbert = sampleSource('distilbert', 'question-answering');
    const summary = summaryOf(distilbert.config, distilbert.summary.modelTotal);
    expect(verifyZip(await zipOf(distilbert), distilbert.config, summary)).toBe(164);
  });
});
