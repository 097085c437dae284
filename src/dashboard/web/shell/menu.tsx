import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A button that opens a small box under it; Escape, a click elsewhere, or focus going away closes it. */
export const Menu = ({
  label,
  sign,
  wide = false,
  children,
}: {
  readonly label: string;
  readonly sign: ComponentChildren;
  readonly wide?: boolean;
  readonly children: (close: () => void) => ComponentChildren;
}) => {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);
  return (
    <div
      class="menu"
      ref={box}
      onKeyDown={event => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        class="button button-quiet small"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {sign}
      </button>
      {open ? <div class={`menu-list ${wide ? 'menu-wide' : ''}`}>{children(() => setOpen(false))}</div> : null}
    </div>
  );
};
