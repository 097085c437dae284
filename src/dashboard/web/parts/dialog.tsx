import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/**
 * A native dialog over the page: focus stays in it, Escape closes it, and focus goes back to where it was. `sheet` stands at the right edge at full height, for reading beside the page. With `onSubmit` all of
 * it is one form, which Enter in a field and the `submit` button at its foot send alike. Its children are made only while it is open.
 */
export const Dialog = ({
  title,
  open,
  onClose,
  onSubmit,
  sheet = false,
  actions,
  children,
}: {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onSubmit?: (() => void) | undefined;
  readonly sheet?: boolean;
  /** Buttons at its foot. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}) => {
  const element = useRef<HTMLDialogElement>(null);
  const isPressedBeside = useRef(false);
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
  const content = (
    <>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="button button-quiet close" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      <div class="dialog-body">{children}</div>
      {actions === undefined ? null : <footer>{actions}</footer>}
    </>
  );
  return (
    <dialog
      ref={element}
      class={sheet ? 'dialog sheet' : 'dialog'}
      aria-labelledby={id}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={event => {
        isPressedBeside.current = event.target === element.current;
      }}
      // Whoever marks text and lets go beside the dialog has not left it.
      onClick={event => {
        if (event.target === element.current && isPressedBeside.current) onClose();
      }}
    >
      {onSubmit === undefined ? (
        <div class="dialog-box">{content}</div>
      ) : (
        <form
          class="dialog-box"
          autocomplete="off"
          // What is wrong with a field stands beside it, in our words.
          noValidate
          onSubmit={event => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {content}
        </form>
      )}
    </dialog>
  );
};
