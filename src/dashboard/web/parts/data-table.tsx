import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { Button } from './button.js';
import { ordered, type SortValue } from './row-order.js';
import { count } from './figures.js';

/** A column. `width` is its least width in px and its share of what is left; it does not depend on what is in it, so nothing moves when numbers tick. */
export interface Column<T> {
  readonly key: string;
  readonly title: string;
  readonly width: number;
  readonly cell: (row: T) => ComponentChildren;
  /** Makes it sortable. */
  readonly sort?: (row: T) => SortValue;
  readonly align?: 'left' | 'right';
  /** Explains the title on hover, e.g. the unit. */
  readonly hint?: string;
}

/** Rows of a table stand this many px apart (CSS holds the same figure). */
const ROW_HEIGHT = 34;

/**
 * A table. Without `height` it is paged (`page` rows each); with `height` (px) it scrolls in itself and makes only the rows in sight, for thousands of them. `onRow` makes rows reachable
 * by keyboard: arrows move, Enter opens. At phone width it scrolls sideways under a first column that stays.
 */
export const DataTable = <T,>({
  caption,
  columns,
  rows,
  rowKey,
  empty,
  onRow,
  isChosen,
  sortBy,
  page = 50,
  height,
  onScroll,
  rowClass,
}: {
  /** For screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string | number;
  readonly empty: ComponentChildren;
  readonly onRow?: ((row: T) => void) | undefined;
  readonly isChosen?: ((row: T) => boolean) | undefined;
  /** Order at first; without it rows keep theirs. */
  readonly sortBy?: { readonly key: string; readonly down: boolean } | undefined;
  readonly page?: number;
  readonly height?: number | undefined;
  /** Hears where a table with `height` is scrolled to, in px from its top. */
  readonly onScroll?: ((top: number) => void) | undefined;
  readonly rowClass?: ((row: T) => string | undefined) | undefined;
}) => {
  const [sort, setSort] = useState(sortBy ?? null);
  const [first, setFirst] = useState(0);
  const [top, setTop] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState<string | number | null>(null);
  const column = sort === null ? undefined : columns.find(({ key }) => key === sort.key);
  const inOrder = useMemo(() => (column?.sort === undefined ? rows : ordered(rows, column.sort, sort!.down)), [rows, column, sort]);
  const total = inOrder.length;
  const isWindowed = height !== undefined;
  const from = isWindowed
    ? Math.max(0, Math.floor(top / ROW_HEIGHT) - 6)
    : Math.min(first, Math.max(0, Math.floor((total - 1) / page) * page));
  const to = isWindowed ? Math.min(total, from + Math.ceil(height / ROW_HEIGHT) + 14) : Math.min(total, from + page);
  const shown = inOrder.slice(from, to);
  const width = columns.reduce((sum, each) => sum + each.width, 0);
  const focusKey = shown.some(row => rowKey(row) === active) ? active : shown[0] === undefined ? null : rowKey(shown[0]);
  const move = (by: number): void => {
    const rowsNow = [...(body.current?.querySelectorAll<HTMLElement>('tr[data-row]') ?? [])];
    const at = rowsNow.findIndex(each => each === document.activeElement);
    rowsNow[at + by]?.focus();
  };
  const sorted = (key: string): 'ascending' | 'descending' | undefined =>
    sort?.key === key ? (sort.down ? 'descending' : 'ascending') : undefined;
  return (
    <div class="data-table">
      <div
        class="table-scroll"
        tabIndex={0}
        role="group"
        aria-label={caption}
        style={isWindowed ? { height: `${height}px` } : undefined}
        onScroll={event => {
          if (!isWindowed) return;
          setTop(event.currentTarget.scrollTop);
          onScroll?.(event.currentTarget.scrollTop);
        }}
      >
        <table style={{ minWidth: `${width}px` }} aria-rowcount={isWindowed ? total + 1 : undefined}>
          <caption class="unseen">{caption}</caption>
          <colgroup>
            {columns.map(({ key, width: each }) => (
              <col key={key} style={{ width: `${(each / width) * 100}%` }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              {columns.map(({ key, title, align, hint, sort: by }) => (
                <th key={key} scope="col" class={align === 'right' ? 'right' : undefined} aria-sort={sorted(key)} title={hint}>
                  {by === undefined ? (
                    title
                  ) : (
                    <button
                      type="button"
                      class="sorter"
                      onClick={() => setSort(sort?.key === key ? { key, down: !sort.down } : { key, down: align === 'right' })}
                    >
                      {title}
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {isWindowed && from > 0 ? <tr aria-hidden="true" style={{ height: `${from * ROW_HEIGHT}px` }} /> : null}
            {shown.map((row, at) => {
              const key = rowKey(row);
              const chosen = isChosen?.(row) === true;
              const more = rowClass?.(row) ?? '';
              return (
                <tr
                  key={key}
                  data-row={key}
                  class={`${chosen ? 'chosen' : ''} ${onRow === undefined ? '' : 'openable'} ${more}`}
                  aria-rowindex={isWindowed ? from + at + 2 : undefined}
                  aria-current={chosen ? 'true' : undefined}
                  tabIndex={onRow === undefined ? undefined : key === focusKey ? 0 : -1}
                  onFocus={onRow === undefined ? undefined : () => setActive(key)}
                  onClick={
                    onRow === undefined
                      ? undefined
                      : event => {
                          if (!(event.target instanceof Element && event.target.closest('a,button,input,select') !== null)) onRow(row);
                        }
                  }
                  onKeyDown={
                    onRow === undefined
                      ? undefined
                      : event => {
                          if (event.target !== event.currentTarget) return;
                          if (event.key === 'Enter' || event.key === ' ') onRow(row);
                          else if (event.key === 'ArrowDown') move(1);
                          else if (event.key === 'ArrowUp') move(-1);
                          else return;
                          event.preventDefault();
                        }
                  }
                >
                  {columns.map(({ key: name, align, cell }) => (
                    <td key={name} class={align === 'right' ? 'right' : undefined}>
                      {cell(row)}
                    </td>
                  ))}
                </tr>
              );
            })}
            {isWindowed && to < total ? <tr aria-hidden="true" style={{ height: `${(total - to) * ROW_HEIGHT}px` }} /> : null}
          </tbody>
        </table>
        {total === 0 ? <div class="table-empty">{empty}</div> : null}
      </div>
      {!isWindowed && total > page ? (
        <div class="pager">
          <span class="figure">
            {count(from + 1)}–{count(to)} of {count(total)}
          </span>
          <Button small disabled={from === 0} onClick={() => setFirst(Math.max(0, from - page))}>
            Back
          </Button>
          <Button small disabled={to >= total} onClick={() => setFirst(from + page)}>
            Next
          </Button>
        </div>
      ) : null}
    </div>
  );
};
