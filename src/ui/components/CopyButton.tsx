// Text to the clipboard, with a word that it is there.
import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useServices } from '../services.ts';

interface CopyButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  /** What is copied, for the message when the clipboard refuses. */
  readonly what: string;
  /** Null while there is nothing to copy. */
  readonly text: (() => string) | null;
}

const thanksMs = 2000;

export function CopyButton({ icon: Icon, label, what, text }: CopyButtonProps) {
  const { notices } = useServices();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (!text) return;
    try {
      await navigator.clipboard.writeText(text());
      setCopied(true);
      setTimeout(() => setCopied(false), thanksMs);
    } catch {
      notices.add(`Copy ${what}: expected access to the clipboard, got none. Allow it for this page and copy again.`);
    }
  };
  return (
    <button type="button" className="button button-quiet" disabled={!text} onClick={copy}>
      <Icon size={15} aria-hidden="true" /> {isCopied ? 'Copied' : label}
    </button>
  );
}
