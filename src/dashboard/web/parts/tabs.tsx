import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

/** Tabs within a page: arrow keys move, and only the chosen one is in the tab order. Show its content under it, e.g. in a `Panel`. */
export const Tabs = ({
  label,
  items,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly items: readonly { readonly key: string; readonly title: ComponentChildren; readonly count?: number | undefined }[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}) => {
  const list = useRef<HTMLDivElement>(null);
  const move = (by: number): void => {
    const at = items.findIndex(({ key }) => key === chosen);
    const next = items[(at + by + items.length) % items.length];
    if (next === undefined) return;
    onChoose(next.key);
    list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next.key)}"]`)?.focus();
  };
  return (
    <div
      ref={list}
      class="tabs"
      role="tablist"
      aria-label={label}
      onKeyDown={event => {
        if (event.key === 'ArrowRight') move(1);
        else if (event.key === 'ArrowLeft') move(-1);
        else return;
        event.preventDefault();
      }}
    >
      {items.map(({ key, title, count }) => (
        <button
          key={key}
          type="button"
          role="tab"
          data-key={key}
          aria-selected={key === chosen}
          tabIndex={key === chosen ? 0 : -1}
          onClick={() => onChoose(key)}
        >
          {title}
          {count === undefined ? null : <span class="tab-count">{count}</span>}
        </button>
      ))}
    </div>
  );
};
