import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/**
 * A native dialog over the page: focus stays in it, Escape closes it, and focus goes back to where it was. `sheet` stands at the right edge at full height, for reading beside the page. Its children are made
 * only while it is open.
 */
export const Dialog = ({
  title,
  open,
  onClose,
  sheet = false,
  actions,
  children,
}: {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly sheet?: boolean;
  /** Buttons at its foot. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}) => {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    // Else the browser takes the first thing it finds, which closes the dialog again.
    const first =
      dialog?.querySelector<HTMLElement>('[data-focus]') ?? dialog?.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea)');
    first?.focus();
    return () => {
      dialog?.close();
      // A dialog that has left the page by now gives no focus back.
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    };
  }, [open]);
  if (!open) return null;
  return (
    <dialog
      ref={element}
      class={sheet ? 'dialog sheet' : 'dialog'}
      aria-labelledby={id}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      onClick={event => {
        if (event.target === element.current) onClose();
      }}
    >
      <div class="dialog-box">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" class="button button-quiet close" aria-label="Close" onClick={onClose}>
            ×
          </button>
        </header>
        <div class="dialog-body">{children}</div>
        {actions === undefined ? null : <footer>{actions}</footer>}
      </div>
    </dialog>
  );
};
