// The browser's own modal dialog; it is built while open and gone when closed.
import { X } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { IconButton } from './IconButton.tsx';
import { useModal } from './useModal.ts';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const { ref, close, events } = useModal(onClose);
  const titleId = useId();
  return (
    <dialog ref={ref} className="dialog" aria-labelledby={titleId} {...events}>
      <header>
        <h2 id={titleId}>{title}</h2>
        <IconButton icon={X} label="Close" onPress={close} />
      </header>
      {children}
    </dialog>
  );
}
