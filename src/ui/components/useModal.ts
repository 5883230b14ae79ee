// What every modal dialog needs to know of the browser's own.
import { type RefObject, type SyntheticEvent, useLayoutEffect, useRef } from 'react';

interface Modal {
  readonly ref: RefObject<HTMLDialogElement | null>;
  /** Hands the focus back to what had it, then says so. */
  readonly close: () => void;
  readonly events: {
    readonly onCancel: (event: SyntheticEvent) => void;
    readonly onClose: (event: SyntheticEvent) => void;
  };
}

/** A dialog that is modal from its first frame on; `onClose` takes it off the page. */
export function useModal(onClose: () => void): Modal {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const close = () => {
    ref.current?.close();
    onClose();
  };
  const isOwn = (event: SyntheticEvent) => event.target === event.currentTarget; // not a file chooser's inside
  return {
    ref,
    close,
    events: {
      // By itself the browser would tell of it a task later, when the same keys may have asked for the dialog again.
      onCancel: (event) => {
        if (!isOwn(event)) return;
        event.preventDefault();
        close();
      },
      onClose: (event) => {
        if (isOwn(event) && !ref.current?.open) onClose();
      },
    },
  };
}
