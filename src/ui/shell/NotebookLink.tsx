import type { MouseEvent, ReactNode } from 'react';
import { useStore } from 'zustand';
import { addressOf } from '../../notebook/library/address.ts';
import { focusCell } from '../commands.ts';
import { useServices } from '../services.ts';
import { goTo } from './navigation.ts';

interface NotebookLinkProps {
  readonly notebookId: string;
  /** Has the focus there. */
  readonly cellId?: string;
  readonly className?: string;
  /** Before the page turns. */
  readonly onOpen: () => void;
  readonly children: ReactNode;
}

/** The way to a notebook: a link, so that it also opens in another tab. */
export function NotebookLink({ notebookId, cellId, className, onOpen, children }: NotebookLinkProps) {
  const services = useServices();
  const isOpen = useStore(services.notebook, ({ id }) => id === notebookId);
  const open = async (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onOpen();
    await goTo(services, notebookId);
    requestAnimationFrame(() => focusCell(cellId));
  };
  return (
    <a
      href={addressOf(new URL(location.href), notebookId)}
      className={className}
      aria-current={isOpen ? 'page' : undefined}
      onClick={open}
    >
      {children}
    </a>
  );
}
