// Markdown, shown; a double click, Enter or the pencil opens the source.
import { Check, Pencil } from 'lucide-react';
import { type KeyboardEvent, lazy, Suspense, useState } from 'react';
import type { CellOf } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import { elementIdOf } from '../commands.ts';
import { IconButton } from '../components/IconButton.tsx';
import { useServices } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';

/** The renderer with its formulas is a third of the page's code: the page comes first. */
const Markdown = lazy(() => import('./Markdown.tsx'));

export function TextCell({ cell, index }: { readonly cell: CellOf<'text'>; readonly index: number }) {
  const [isEditing, setEditing] = useState(cell.source === '');
  const close = () => {
    setEditing(false);
    document.getElementById(elementIdOf(cell.id))?.focus();
  };
  const openByKey = (event: KeyboardEvent) => {
    const isOwn = event.target === event.currentTarget;
    if (!isOwn || event.key !== 'Enter' || event.shiftKey || isEditing) return;
    event.preventDefault();
    setEditing(true);
  };
  return (
    <CellFrame
      cell={cell}
      index={index}
      name={titleOf(cell.source)}
      onKeyDown={openByKey}
      tools={
        <IconButton
          icon={isEditing ? Check : Pencil}
          label={isEditing ? 'Show the text' : 'Edit the text'}
          onPress={() => setEditing(!isEditing)}
        />
      }
    >
      {isEditing ? (
        <Editor cell={cell} onClose={close} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the pencil and Enter do the same
        <div className="prose" onDoubleClick={() => setEditing(true)}>
          <Suspense fallback={<p className="prose-source">{cell.source}</p>}>
            <Markdown source={cell.source || '*Empty. Double-click to write.*'} />
          </Suspense>
        </div>
      )}
    </CellFrame>
  );
}

function Editor({ cell, onClose }: { readonly cell: CellOf<'text'>; readonly onClose: () => void }) {
  const { notebook } = useServices();
  const handleKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' && !(event.key === 'Enter' && event.shiftKey)) return;
    event.preventDefault();
    onClose();
  };
  return (
    <textarea
      className="source-editor"
      aria-label="Text in Markdown"
      placeholder={'Markdown. Formulas between $…$ or $$…$$.\nShift Enter shows the text.'}
      // biome-ignore lint/a11y/noAutofocus: opened by the reader, to write
      autoFocus
      value={cell.source}
      onKeyDown={handleKey}
      onChange={({ target }) =>
        notebook.apply(updateCell(cell.id, 'text', { source: target.value }), `${cell.id} source`)
      }
    />
  );
}

/** The first line, without its marks. */
function titleOf(source: string): string {
  const first = source.trim().split('\n')[0] ?? '';
  return first.replace(/^#+\s*/, '').slice(0, 60);
}
