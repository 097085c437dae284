import type { ComponentChildren } from 'preact';

export type ButtonKind = 'plain' | 'primary' | 'danger' | 'quiet';

/** A button. While `busy` it keeps its size, says so to screen readers, takes no click and sends no form. `title` says why it is disabled. */
export const Button = ({
  kind = 'plain',
  busy = false,
  disabled = false,
  small = false,
  pressed,
  type = 'button',
  title,
  label,
  onClick,
  children,
}: {
  readonly kind?: ButtonKind;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly small?: boolean;
  /** For a button that stays down. */
  readonly pressed?: boolean | undefined;
  readonly type?: 'button' | 'submit';
  readonly title?: string | undefined;
  /** For screen readers, where the button shows only a sign. */
  readonly label?: string | undefined;
  readonly onClick?: (() => void) | undefined;
  readonly children: ComponentChildren;
}) => (
  <button
    type={type}
    class={`button button-${kind} ${small ? 'small' : ''}`}
    disabled={disabled}
    aria-busy={busy}
    aria-pressed={pressed}
    aria-label={label}
    title={title}
    onClick={event => {
      if (busy) event.preventDefault();
      else onClick?.();
    }}
  >
    <span class="button-text">{children}</span>
  </button>
);
