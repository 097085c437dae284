import type { ComponentChildren } from 'preact';

/** A titled part of a page; `aside` stands at the right of the title. `flush` lets a table or chart reach the edges. */
export const Panel = ({
  title,
  note,
  aside,
  flush = false,
  children,
}: {
  readonly title: string;
  readonly note?: string | undefined;
  readonly aside?: ComponentChildren;
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}) => (
  <section class={`panel ${flush ? 'flush' : ''}`} aria-label={title}>
    <header>
      <h2>{title}</h2>
      {note === undefined ? null : <p class="note">{note}</p>}
      {aside === undefined ? null : <div class="aside">{aside}</div>}
    </header>
    <div class="panel-body">{children}</div>
  </section>
);
