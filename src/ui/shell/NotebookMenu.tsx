// What concerns the notebook as a whole.
import {
  FileDown,
  FilePlus2,
  FileText,
  FolderUp,
  History,
  Keyboard,
  LibraryBig,
  Link2,
  type LucideIcon,
} from 'lucide-react';
import { MenuItem } from '../components/Popover.tsx';
import { useServices } from '../services.ts';
import { type Command, isOffered } from './command.ts';
import { helpCommands } from './command-list.ts';
import { fileCommands } from './notebook-commands.ts';

const icons: Readonly<Record<string, LucideIcon>> = {
  notebooks: LibraryBig,
  empty: FilePlus2,
  open: FolderUp,
  save: FileDown,
  report: FileText,
  share: Link2,
  versions: History,
  shortcuts: Keyboard,
};

export function NotebookMenu({ onDone }: { readonly onDone: () => void }) {
  const services = useServices();
  const commands: readonly Command[] = [...fileCommands, helpCommands.shortcuts];
  const offered = commands.filter((command) => isOffered(command, services, null));
  return offered.map(({ id, label, about, run }) => {
    const Icon = icons[id] ?? FileDown;
    const select = () => {
      onDone();
      run(services, null);
    };
    return (
      <MenuItem key={id} icon={<Icon size={16} aria-hidden="true" />} label={label} about={about} onSelect={select} />
    );
  });
}
