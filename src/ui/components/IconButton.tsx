import type { LucideIcon } from 'lucide-react';

interface IconButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  /** What the tooltip adds to the label, and assistive technology hears as keys. */
  readonly keys?: { readonly shown: string; readonly aria: string | undefined } | undefined;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

export function IconButton({ icon: Icon, label, keys, isDisabled = false, onPress }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      aria-keyshortcuts={keys?.aria}
      title={keys ? `${label} (${keys.shown})` : label}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon size={17} aria-hidden="true" />
    </button>
  );
}
