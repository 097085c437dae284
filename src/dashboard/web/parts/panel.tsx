import type { ComponentChildren } from 'preact';

/** A titled part of a page; `aside` stands at the right of the title. */
export const Panel = ({
  title,
  note,
  aside,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) => (
  <section class="panel">
    <header>
      <h2>{title}</h2>
      {note === undefined ? null : <p class="note">{note}</p>}
      {aside === undefined ? null : <div class="aside">{aside}</div>}
    </header>
    {children}
  </section>
);
