import type { ComponentChildren } from 'preact';

/** A page's twelve columns. Put `Cell`s in it. */
export const Grid = ({ children }: { readonly children: ComponentChildren }) => <div class="grid">{children}</div>;

/** A part of the twelve columns; below 1100 px it takes all of them. */
export const Cell = ({ span, children }: { readonly span: 3 | 4 | 5 | 6 | 7 | 8 | 9 | 12; readonly children: ComponentChildren }) => (
  <div class={`cell span-${span}`}>{children}</div>
);
