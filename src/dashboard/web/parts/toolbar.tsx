import type { ComponentChildren } from 'preact';

/** A row of filters and buttons over what they act on; it wraps at phone width. */
export const Toolbar = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  <div class="toolbar" role="group" aria-label={label}>
    {children}
  </div>
);

/** Pushes what follows to the right edge of a toolbar. */
export const Spacer = () => <span class="spacer" />;
