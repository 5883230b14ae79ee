// Markdown, shown; a double click, Enter or the pencil opens the source, Escape or Shift-Enter shows it again.
import { Check, Pencil } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import type { CellOf } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import { editCell, runCell } from '../commands.ts';
import { IconButton } from '../components/IconButton.tsx';
import { useServices } from '../services.ts';
import { titleOf } from '../shell/describe.ts';
import { CellFrame } from './CellFrame.tsx';

/** The renderer with its formulas is a third of the page's code: the page comes first. */
const Markdown = lazy(() => import('./Markdown.tsx'));

export function TextCell({ cell, index }: { readonly cell: CellOf<'text'>; readonly index: number }) {
  const services = useServices();
  const isEditing = useStore(services.view, ({ editing }) => editing === cell.id);
  return (
    <CellFrame
      cell={cell}
      index={index}
      name={titleOf(cell.source)}
      tools={
        <IconButton
          icon={isEditing ? Check : Pencil}
          label={isEditing ? 'Show the text' : 'Edit the text'}
          onPress={() => (isEditing ? runCell(services, cell.id) : editCell(services, cell.id))}
        />
      }
    >
      {isEditing ? (
        <Editor cell={cell} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the pencil and Enter do the same
        <div className="prose" onDoubleClick={() => editCell(services, cell.id)}>
          <Suspense fallback={<p className="prose-source">{cell.source}</p>}>
            <Markdown source={cell.source || '*Empty. Double-click or press Enter to write.*'} />
          </Suspense>
        </div>
      )}
    </CellFrame>
  );
}

function Editor({ cell }: { readonly cell: CellOf<'text'> }) {
  const { notebook } = useServices();
  return (
    <textarea
      className="source-editor"
      aria-label="Text in Markdown"
      placeholder={'Markdown. Formulas between $…$ or $$…$$.\nShift Enter shows the text.'}
      // biome-ignore lint/a11y/noAutofocus: opened by the reader, to write
      autoFocus
      value={cell.source}
      onChange={({ target }) =>
        notebook.apply(updateCell(cell.id, 'text', { source: target.value }), `${cell.id} source`)
      }
    />
  );
}
