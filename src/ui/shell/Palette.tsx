// All commands, by name. cmdk gives the listbox its roles and its keys; the dialog is the browser's own.
import { Command as Menu } from 'cmdk';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useModal } from '../components/useModal.ts';
import { type Services, useDocument, useServices } from '../services.ts';
import { type Command, isOffered } from './command.ts';
import { commandList } from './command-list.ts';
import { nameOfCell } from './describe.ts';
import { KeyCap } from './KeyCap.tsx';
import { chordOf } from './keys.ts';
import { searchCommands } from './search-commands.ts';
import './palette.css';

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const services = useServices();
  const { ref, close, events } = useModal(onClose);
  const search = useRef<HTMLInputElement>(null);
  const { selected } = services.view.getState();
  const cell = useDocument().cells.find(({ id }) => id === selected);
  const [wanted, setWanted] = useState('');
  const cellId = cell?.id ?? null;
  const found = useMemo(() => searchCommands(offered(services, cellId), wanted), [services, cellId, wanted]);
  const groups = Map.groupBy(found, ({ group }) => group); // the one with the best match first
  // By itself the focus would go to cmdk's root, which can take it, too.
  useEffect(() => search.current?.focus(), []);
  // Closed first: the focus returns to where it was, and the command may move it on from there.
  const choose = (command: Command) => {
    close();
    command.run(services, cellId);
  };
  return (
    <dialog
      ref={ref}
      className="palette"
      aria-label="Commands"
      {...events}
      onClick={(event) => event.target === event.currentTarget && close()}
      onKeyDown={(event) => {
        if (chordOf(event) !== 'Mod+K') return;
        event.preventDefault();
        close();
      }}
    >
      <Menu label="Commands" loop vimBindings={false} shouldFilter={false}>
        <Menu.Input ref={search} value={wanted} onValueChange={setWanted} placeholder="What should happen?" />
        <Menu.List>
          {[...groups].map(([group, commands]) => (
            <Menu.Group key={group} heading={group === 'Cell' && cell ? nameOfCell(cell) : group}>
              {commands.map((command) => (
                <Item key={command.id} command={command} onChoose={choose} />
              ))}
            </Menu.Group>
          ))}
        </Menu.List>
        <Found count={found.length} />
      </Menu>
    </dialog>
  );
}

const offered = (services: Services, cellId: string | null): readonly Command[] =>
  commandList.filter(
    (command) => !command.isKeyOnly && (cellId !== null || !command.needsCell) && isOffered(command, services, cellId),
  );

interface ItemProps {
  readonly command: Command;
  readonly onChoose: (command: Command) => void;
}

function Item({ command, onChoose }: ItemProps) {
  const { id, label, about, keys } = command;
  return (
    <Menu.Item value={id} onSelect={() => onChoose(command)}>
      <span>
        {label}
        {about && <small>{about}</small>}
      </span>
      {keys?.[0] !== undefined && <KeyCap keys={keys[0]} />}
    </Menu.Item>
  );
}

/** Says how many commands the search leaves. */
function Found({ count }: { readonly count: number }) {
  return (
    <p role="status" className={count === 0 ? 'palette-empty' : 'visually-hidden'}>
      {count === 0 ? 'No command by that name.' : `${count} commands`}
    </p>
  );
}
