// The page: header, notices, the notebook's title and its cells.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { renameDocument } from '../notebook/transitions.ts';
import { CellView } from './cells/CellView.tsx';
import { HoverStepProvider } from './charts/HoverStep.tsx';
import { Notice } from './components/Notice.tsx';
import { useServices } from './services.ts';
import { AddCell } from './shell/AddCell.tsx';
import { Announcer } from './shell/Announcer.tsx';
import { Dialogs } from './shell/Dialogs.tsx';
import { EngineNotice } from './shell/EngineNotice.tsx';
import { Header } from './shell/Header.tsx';
import { RunningCell } from './shell/RunningCell.tsx';
import { SavedLine } from './shell/SavedLine.tsx';
import { Sealed } from './shell/Sealed.tsx';
import { SizeSelect } from './shell/SizeSelect.tsx';
import { TabBanner } from './shell/TabBanner.tsx';
import { usePageStatus } from './shell/usePageStatus.ts';
import { useShortcuts } from './shell/useShortcuts.ts';
import './shell/shell.css';

export function App() {
  useShortcuts();
  usePageStatus();
  const { notebook, tab, view } = useServices();
  const isLeaving = useStore(tab, ({ type }) => type === 'leaves' || type === 'left');
  const cells = useStore(notebook, ({ history }) => history.present.cells);
  const id = useStore(notebook, (state) => state.id);
  const dropsAt = useStore(view, ({ drag }) => drag?.gap);
  return (
    <>
      <Header />
      <main key={id} id="top" className="notebook" inert={isLeaving}>
        <TabBanner />
        <Notices />
        <Sealed>
          <Title />
          <EngineNotice />
          <HoverStepProvider>
            {cells.map((cell, index) => (
              <div key={cell.id} className={dropsAt === index ? 'cell-slot cell-slot-drop' : 'cell-slot'}>
                {index > 0 && <AddCell index={index} />}
                <CellView cell={cell} index={index} />
              </div>
            ))}
            {dropsAt === cells.length && <div className="cell-slot-drop" />}
          </HoverStepProvider>
          {cells.length === 0 && <p className="hint">An empty notebook. Begin with a model and data, then a run.</p>}
          <AddCell index={cells.length} isLast />
        </Sealed>
      </main>
      <RunningCell />
      <Dialogs />
      <Announcer />
    </>
  );
}

function Title() {
  const { notebook } = useServices();
  const title = useStore(notebook, ({ history }) => history.present.title);
  useEffect(() => {
    document.title = `${title || 'Untitled'} · Winnow`;
  }, [title]);
  return (
    <div className="title-block">
      <h1>
        <span className="visually-hidden">{title}</span>
        <textarea
          className="title-input"
          aria-label="Notebook title"
          rows={1}
          value={title}
          placeholder="Untitled"
          onChange={({ target }) => notebook.apply(renameDocument(target.value.replaceAll('\n', ' ')), 'title')}
        />
      </h1>
      <SavedLine />
      <SizeSelect />
    </div>
  );
}

function Notices() {
  const services = useServices();
  const notices = useStore(services.notices, (state) => state.notices);
  return notices.map(({ text, level }) => (
    <Notice
      key={text}
      level={level}
      action={
        <button type="button" className="button" onClick={() => services.notices.dismiss(text)}>
          Dismiss
        </button>
      }
    >
      {text}
    </Notice>
  ));
}
