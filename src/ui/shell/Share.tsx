// The open notebook as a link: settings and texts, and nothing that has to be sent to a server.
import { Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { packDocument } from '../../notebook/exchange/share-link.ts';
import { sharedAddress } from '../../notebook/library/address.ts';
import { CopyButton } from '../components/CopyButton.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { count } from '../format.ts';
import { useDocument, useServices } from '../services.ts';
import { saveNotebook } from './notebook-files.ts';

export function Share({ onClose }: { readonly onClose: () => void }) {
  const services = useServices();
  const document = useDocument();
  const [link, setLink] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    packDocument(document).then(
      (payload) => setLink(sharedAddress(new URL(location.href), payload)),
      (error: Error) => setProblem(error.message),
    );
  }, [document]);
  return (
    <Dialog title="Share by a link" onClose={onClose}>
      <p className="hint">
        The link holds the notebook’s texts and settings: no runs, no weights, no files of yours. Nothing is uploaded.
        Whoever opens it gets a notebook of their own, and nothing runs until they say so.
      </p>
      {problem && (
        <Notice
          level="error"
          action={
            <button type="button" className="button" onClick={() => saveNotebook(services)}>
              Save as a file
            </button>
          }
        >
          {problem}
        </Notice>
      )}
      {link && (
        <>
          <input
            className="input share-link"
            aria-label="The link"
            readOnly
            value={link}
            onFocus={({ target }) => target.select()}
          />
          <div className="dialog-actions">
            <span className="hint">{count(link.length)} characters</span>
            <CopyButton icon={Link2} label="Copy the link" what="the link" text={() => link} />
          </div>
        </>
      )}
    </Dialog>
  );
}
