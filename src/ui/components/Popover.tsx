// A button that discloses a panel, in the browser's top layer: it closes on Escape, outside clicks and choice.
import { type CSSProperties, type ReactNode, useId, useRef, useState } from 'react';
import './popover.css';

interface PopoverProps {
  /** The button's accessible name, which begins with or contains the text it may have. */
  readonly label: string;
  readonly button: ReactNode;
  readonly buttonClass: string;
  /** Built only while open; `close` after a choice. */
  readonly children: (close: () => void) => ReactNode;
  readonly hasOwnText?: boolean;
}

const margin = 8;

export function Popover({ label, button, buttonClass, children, hasOwnText = false }: PopoverProps) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [position, setPosition] = useState<CSSProperties>({});

  const place = () => {
    const anchor = trigger.current?.getBoundingClientRect();
    const size = panel.current?.getBoundingClientRect();
    if (anchor && size) setPosition(placeBeside(anchor, size));
  };

  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={buttonClass}
        popoverTarget={id}
        aria-expanded={isOpen}
        aria-label={label}
        title={hasOwnText ? undefined : label}
      >
        {button}
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a popover in all browsers */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="popover"
        role="group"
        aria-label={label}
        style={position}
        onBeforeToggle={(event) => setOpen(event.newState === 'open')}
        onToggle={(event) => event.newState === 'open' && place()}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}

/** Below the anchor, or above it where there is no room; never outside the window. */
function placeBeside(anchor: DOMRect, { width, height }: DOMRect): CSSProperties {
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.max(margin, Math.min(anchor.left, clientWidth - width - margin));
  const below = anchor.bottom + 6;
  const top = below + height > clientHeight - margin ? Math.max(margin, anchor.top - height - 6) : below;
  return { left, top };
}

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly label: string;
  readonly about?: string | undefined;
  readonly isDisabled?: boolean;
  readonly onSelect: () => void;
}

export function MenuItem({ icon, label, about, isDisabled = false, onSelect }: MenuItemProps) {
  return (
    <button type="button" className="menu-item" disabled={isDisabled} onClick={onSelect}>
      {icon}
      <span>
        {label}
        {about && <small>{about}</small>}
      </span>
    </button>
  );
}
