import type { LucideIcon } from 'lucide-react';
import { IconButton } from '../components/IconButton.tsx';
import { useServices } from '../services.ts';
import type { Command } from './command.ts';
import { ariaKeys, shownKeys } from './keys.ts';

interface CommandButtonProps {
  readonly command: Command;
  readonly icon: LucideIcon;
  readonly cellId?: string;
  /** Where it says more than the command's own: which of two states comes next. */
  readonly label?: string;
  readonly isDisabled?: boolean;
}

/** A command as a button, whose tooltip teaches its keys. */
export function CommandButton({ command, icon, cellId, label, isDisabled = false }: CommandButtonProps) {
  const services = useServices();
  const { keys = [] } = command;
  const [first] = keys;
  return (
    <IconButton
      icon={icon}
      label={label ?? command.label}
      keys={first === undefined ? undefined : { shown: shownKeys(first), aria: ariaKeys(keys) }}
      isDisabled={isDisabled}
      onPress={() => command.run(services, cellId ?? null)}
    />
  );
}
