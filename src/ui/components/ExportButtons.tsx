// What a view shows, as files: each is made when it is asked for.
import { useEffect, useRef, useState } from 'react';
import { saveBlob } from '../files/save-blob.ts';
import './mini-button.css';

const endings = ['png', 'svg', 'csv'] as const;
type Ending = (typeof endings)[number];

/** Null when aborted. */
export type MakeFile = (signal: AbortSignal) => Promise<Blob | null>;

interface ExportButtonsProps {
  /** What is downloaded, for those who hear the buttons: "mask of topK". */
  readonly subject: string;
  readonly fileName: string;
  /** By ending; null while there is nothing to save. */
  readonly files: Readonly<Partial<Record<Ending, MakeFile | null>>>;
}

export function ExportButtons({ subject, fileName, files }: ExportButtonsProps) {
  return (
    <span className="export-buttons">
      {endings.map((ending) => {
        const make = files[ending];
        if (make === undefined) return null;
        return <ExportButton key={ending} subject={subject} fileName={fileName} ending={ending} make={make} />;
      })}
    </span>
  );
}

interface ExportButtonProps extends Pick<ExportButtonsProps, 'subject' | 'fileName'> {
  readonly ending: Ending;
  readonly make: MakeFile | null;
}

/** Writing half a million lines takes a moment, in slices; leaving the page ends it. */
function ExportButton({ subject, fileName, ending, make }: ExportButtonProps) {
  const [isWriting, setIsWriting] = useState(false);
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const save = async (makeFile: MakeFile) => {
    setIsWriting(true);
    abort.current = new AbortController();
    try {
      const blob = await makeFile(abort.current.signal);
      if (blob) saveBlob(blob, `${fileName}.${ending}`);
    } finally {
      setIsWriting(false);
    }
  };
  const name = ending.toUpperCase();
  return (
    <button
      type="button"
      className="mini-button"
      disabled={!make || isWriting}
      aria-label={`Download the ${ending === 'csv' ? `values behind the ${subject}` : subject} as ${name}`}
      onClick={() => make && void save(make)}
    >
      {isWriting ? 'Writing…' : name}
    </button>
  );
}
