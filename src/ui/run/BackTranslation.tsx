// Back-translations made in the page: what that takes, how far it is, what has come of it.
import { FileDown, Languages, Pause } from 'lucide-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import type { ParaphraseCount } from '../../runs/protocol.ts';
import { type DataChoice, pivotLanguages, type UdaSettings } from '../../runs/spec.ts';
import type { BackTranslation as How, TranslationOrder, TranslationReport } from '../../runs/translation.ts';
import { isTranslating } from '../../runs/translation-store.ts';
import { Notice } from '../components/Notice.tsx';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { SelectField } from '../components/SelectField.tsx';
import { saveBlob } from '../files/save-blob.ts';
import { count, duration } from '../format.ts';
import { useBackend, useServices } from '../services.ts';
import { useSettledAnswer } from './useSettledAnswer.ts';
import './back-translation.css';

type Language = UdaSettings['bt_language'];

const languageNames: Readonly<Record<Language, string>> = { fr: 'French', de: 'German', es: 'Spanish' };

interface BackTranslationProps {
  readonly data: DataChoice;
  readonly how: How;
  readonly onLanguage: (language: Language) => void;
}

export function BackTranslation({ data, how, onLanguage }: BackTranslationProps) {
  const id = useId();
  const { translation } = useServices();
  const { order, report, ended } = useStore(translation);
  const own: TranslationOrder = { data, how };
  const key = JSON.stringify(own);
  const isOwn = JSON.stringify(order) === key;
  const isReady = useBackend().type === 'ready';
  const request = { type: 'count-paraphrases', ...own } as const;
  const counted = useSettledAnswer(isReady ? { request, key: `${key} ${ended}` } : null);
  const isBusy = isTranslating({ order, report, ended });
  return (
    <section className="translation" aria-labelledby={`${id}-title`}>
      <h4 id={`${id}-title`}>Back-translation, in this tab</h4>
      <p>
        Each training text goes to {languageNames[how.language]} and back, sentence by sentence. That takes two models
        (opus-mt, about 215 MB), fetched from huggingface.co once, when you press the button, and kept by this browser.
        The request for them is all that leaves this machine; your texts stay. Without a network everything else works.
      </p>
      <div className="translation-controls">
        <SelectField
          label={
            <>
              By way of <code className="field-key">bt_language</code>
            </>
          }
          options={pivotLanguages.map((language) => ({ id: language, label: languageNames[language] }))}
          value={how.language}
          onChoose={(language) => onLanguage(language as Language)}
        />
        {isBusy && isOwn ? (
          <button type="button" className="button" onClick={translation.pause}>
            <Pause size={15} aria-hidden="true" /> Pause
          </button>
        ) : (
          counted.value && <NextStep made={counted.value} order={own} isOtherBusy={isBusy} />
        )}
      </div>
      {isBusy && isOwn && report && <Progress report={report} />}
      {isOwn && report?.type === 'failed' && <Notice level="error">{report.error.message}</Notice>}
      {counted.problem && <p className="hint">{counted.problem}</p>}
    </section>
  );
}

interface NextStepProps {
  readonly made: ParaphraseCount;
  readonly order: TranslationOrder;
  readonly isOtherBusy: boolean;
}

function NextStep({ made: { made, texts }, order, isOtherBusy }: NextStepProps) {
  const { client, notices, translation } = useServices();
  const save = async () => {
    const files = await client.request({ type: 'export-paraphrases', ...order });
    for (const { name, text } of files) saveBlob(new Blob([text], { type: 'application/jsonl' }), name);
  };
  const isComplete = made === texts;
  return (
    <>
      {isComplete ? (
        <button type="button" className="button" onClick={() => save().catch(notices.add)}>
          <FileDown size={15} aria-hidden="true" /> Save the pairs as JSON lines
        </button>
      ) : (
        <button type="button" className="button" onClick={() => translation.start(order)}>
          <Languages size={15} aria-hidden="true" /> {made === 0 ? 'Translate the texts' : 'Go on translating'}
        </button>
      )}
      <p className="translation-state">
        {isComplete
          ? `All ${count(texts)} texts are translated.`
          : `${count(made)} of ${count(texts)} texts translated.`}
        {isOtherBusy && !isComplete && ' Others are being translated now; these would interrupt them.'}
      </p>
    </>
  );
}

function Progress({ report }: { readonly report: TranslationReport }) {
  const { words, done, total } = progressOf(report);
  return (
    <div className="progress">
      <p className="progress-facts">{words}</p>
      <ProgressBar label="Progress of back-translation" done={done} total={total} words={words} />
      {report.type === 'translating' && report.latest && (
        <dl className="translation-latest">
          <dt>Original</dt>
          <dd>{beginning(report.latest.original)}</dd>
          <dt>There and back</dt>
          <dd>{beginning(report.latest.paraphrase)}</dd>
        </dl>
      )}
    </div>
  );
}

function progressOf(report: TranslationReport) {
  if (report.type === 'downloading') {
    const { done, total, bytesPerSecond } = report;
    const amount = total > 0 ? `${megabytes(done, 0)} of ${megabytes(total, 0)} MB` : `${megabytes(done, 0)} MB so far`;
    const rate = bytesPerSecond === null ? '' : `, ${megabytes(bytesPerSecond, 1)} MB/s`;
    return { done, total, words: `Downloading the models: ${amount}${rate}` };
  }
  if (report.type === 'translating') {
    const { done, total, etaMs } = report;
    const left = etaMs === null ? 'opening the models' : `about ${duration(etaMs)} left`;
    return { done, total, words: `${count(done)} of ${count(total)} texts translated, ${left}` };
  }
  return { done: 0, total: 0, words: 'Reading the texts' };
}

/** As downloads are counted: in millions. */
const megabytes = (bytes: number, digits: number): string => (bytes / 1e6).toFixed(digits);

const beginning = (text: string): string =>
  text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;

/** Enough to judge a paraphrase by; mails can be long. */
const shownCharacters = 280;
