import { useEffect, useRef, useState } from 'react';
import type { MatrixData } from '../../runs/protocol.ts';
import { saveBlob } from '../files/save-blob.ts';
import { matrixCsv } from './csv.ts';

interface ExportButtonsProps {
  /** What is downloaded, for those who hear the buttons: "mask of topK". */
  readonly subject: string;
  readonly fileName: string;
  readonly savePng: ((fileName: string) => Promise<void>) | null;
  /** The matrix behind the picture; without one there is no CSV. */
  readonly data?: MatrixData;
}

export function ExportButtons({ subject, fileName, savePng, data }: ExportButtonsProps) {
  return (
    <span className="mask-exports">
      <button
        type="button"
        disabled={!savePng}
        aria-label={`Download the ${subject} as PNG`}
        onClick={() => void savePng?.(`${fileName}.png`)}
      >
        PNG
      </button>
      {data && <CsvButton subject={subject} fileName={fileName} data={data} />}
    </span>
  );
}

/** Writing half a million lines takes a moment, in slices; leaving the page ends it. */
function CsvButton({ subject, fileName, data }: { subject: string; fileName: string; data: MatrixData }) {
  const [isWriting, setIsWriting] = useState(false);
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const save = async () => {
    setIsWriting(true);
    abort.current = new AbortController();
    const csv = await matrixCsv(data, abort.current.signal);
    if (!csv) return;
    saveBlob(csv, `${fileName}.csv`);
    setIsWriting(false);
  };
  return (
    <button
      type="button"
      disabled={isWriting}
      aria-label={`Download the values behind the ${subject} as CSV`}
      onClick={() => void save()}
    >
      {isWriting ? 'Writing…' : 'CSV'}
    </button>
  );
}
