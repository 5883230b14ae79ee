// All commands, by name. cmdk gives the listbox its roles, its keys and the search; the dialog is the browser's own.
import { Command as Menu, useCommandState } from 'cmdk';
import { useEffect, useRef } from 'react';
import { type Services, useDocument, useServices } from '../services.ts';
import { type Command, commandList } from './command-list.ts';
import { nameOfCell } from './describe.ts';
import { KeyCap } from './KeyCap.tsx';
import { chordOf } from './keys.ts';
import './palette.css';

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const services = useServices();
  const dialog = useRef<HTMLDialogElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const { selected } = services.view.getState();
  const cell = useDocument().cells.find(({ id }) => id === selected);
  const groups = Map.groupBy(offered(services, cell?.id ?? null), ({ group }) => group);
  useEffect(() => {
    dialog.current?.showModal();
    search.current?.focus(); // by itself the focus would go to cmdk's root, which can take it, too
  }, []);
  // Closed first: the focus returns to where it was, and the command may move it on from there.
  const choose = (command: Command) => {
    dialog.current?.close();
    command.run(services, cell?.id ?? null);
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Commands"
      onClose={(event) => event.target === event.currentTarget && onClose()}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
      onKeyDown={(event) => {
        if (chordOf(event) !== 'Mod+K') return;
        event.preventDefault();
        dialog.current?.close();
      }}
    >
      <Menu label="Commands" loop vimBindings={false}>
        <Menu.Input ref={search} placeholder="What should happen?" />
        <Menu.List>
          {[...groups].map(([group, commands]) => (
            <Menu.Group key={group} heading={group === 'Cell' && cell ? nameOfCell(cell) : group}>
              {commands.map((command) => (
                <Item key={command.id} command={command} onChoose={choose} />
              ))}
            </Menu.Group>
          ))}
        </Menu.List>
        <Found />
      </Menu>
    </dialog>
  );
}

const offered = (services: Services, cellId: string | null): readonly Command[] =>
  commandList.filter(
    ({ isKeyOnly, needsCell, isUsable }) =>
      !isKeyOnly && (cellId !== null || !needsCell) && isUsable?.(services, cellId) !== false,
  );

interface ItemProps {
  readonly command: Command;
  readonly onChoose: (command: Command) => void;
}

function Item({ command, onChoose }: ItemProps) {
  const { id, label, about, keys } = command;
  return (
    <Menu.Item value={id} keywords={[label, about ?? '']} onSelect={() => onChoose(command)}>
      <span>
        {label}
        {about && <small>{about}</small>}
      </span>
      {keys?.[0] !== undefined && <KeyCap keys={keys[0]} />}
    </Menu.Item>
  );
}

/** Says how many commands the search leaves. */
function Found() {
  const count = useCommandState(({ filtered }) => filtered.count);
  return (
    <p role="status" className={count === 0 ? 'palette-empty' : 'visually-hidden'}>
      {count === 0 ? 'No command by that name.' : `${count} commands`}
    </p>
  );
}
