// What is still to come from the Hub: how much, how fast, how long; and a way to break it off and to go on.
import { Download, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { HubReport } from '../../runs/hub.ts';
import { isUnderWay } from '../../runs/hub-jobs.ts';
import { Notice } from '../components/Notice.tsx';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { duration } from '../format.ts';
import { useServices } from '../services.ts';
import './hub.css';

interface HubDownloadProps {
  /** Of the job; `runs/hub-jobs.ts`. */
  readonly jobKey: string;
  /** What is still to come, in bytes; null while nobody knows. */
  readonly left: number | null;
  readonly onStart: () => void;
  /** What is worth knowing before. */
  readonly children?: ReactNode;
}

export function HubDownload({ jobKey, left, onStart, children }: HubDownloadProps) {
  const { hub } = useServices();
  const report = useHubReport(jobKey);
  const isBusy = isUnderWay(report);
  return (
    <div className="hub-download">
      {children}
      {report && isBusy && <Progress report={report} />}
      {report?.type === 'failed' && <Notice level="error">{report.error.message}</Notice>}
      {isBusy ? (
        <button type="button" className="button" onClick={() => hub.breakOff(jobKey)}>
          <X size={15} aria-hidden="true" /> Break off
        </button>
      ) : (
        <button type="button" className="button button-primary" onClick={onStart}>
          <Download size={15} aria-hidden="true" /> {left === null ? 'Download' : `Download ${megabytes(left)} MB`}
        </button>
      )}
    </div>
  );
}

export function useHubReport(jobKey: string): HubReport | null {
  return useStore(useServices().hub, ({ reports }) => reports.get(jobKey) ?? null);
}

function Progress({ report }: { readonly report: HubReport }) {
  const { done, total, words } = progressOf(report);
  return (
    <div className="progress">
      <p className="progress-facts">{words}</p>
      <ProgressBar label="Progress of the download" done={done} total={total} words={words} />
    </div>
  );
}

function progressOf(report: HubReport) {
  if (report.type !== 'downloading') return { done: 0, total: 0, words: 'Asking the Hub' };
  const { done, total, bytesPerSecond } = report;
  const amount = `${megabytes(done)} of ${megabytes(total)} MB`;
  if (bytesPerSecond === null) return { done, total, words: `Downloading: ${amount}` };
  const left = duration((1000 * (total - done)) / bytesPerSecond);
  return { done, total, words: `Downloading: ${amount}, ${megabytes(bytesPerSecond)} MB/s, about ${left} left` };
}

/** As downloads are counted: in millions. */
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
