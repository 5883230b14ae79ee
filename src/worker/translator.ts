// The worker that translates: started for one order, ended by the page. Apart from the engine's, so that it can be ended
// at once, and so that it alone may speak to the Hub.
import { WinnowError } from '../engine/error.ts';
import { loadData } from '../hub/data-source.ts';
import { keptParaphrases } from '../hub/paraphrases.ts';
import { type TranslationOrder, type TranslationReport, translationOrderSchema } from '../runs/translation.ts';
import { describeError } from './describe-error.ts';
import { reportDownloads } from './download-reports.ts';
import { openOpusMt } from './opus-mt.ts';
import { translateTexts } from './translation-pass.ts';

const post = (report: TranslationReport) => self.postMessage(report);

self.addEventListener('message', ({ data }: MessageEvent<TranslationOrder>) => {
  carryOut(data).then(
    () => post({ type: 'finished' }),
    (error: unknown) => post({ type: 'failed', error: describeError(error) }),
  );
});

async function carryOut(order: TranslationOrder): Promise<void> {
  const { data, how } = translationOrderSchema.parse(order);
  post({ type: 'reading' });
  const { dataset, name } = await loadData(data);
  if (dataset.kind !== 'text-classification') {
    throw new WinnowError(
      'bad-settings',
      `${name}: expected text classification to translate, got question answering. Choose other data.`,
    );
  }
  const texts = dataset.splits.train.map(({ text }) => text);
  const openTranslator = () => openOpusMt(how, reportDownloads(post));
  for await (const report of translateTexts({ texts, how, store: keptParaphrases, openTranslator })) post(report);
}
