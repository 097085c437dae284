import { Answered } from '../parts/answered.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { firstColumns } from './first-columns.js';
import { rowKey, type Keyed } from './keyed-rows.js';
import { OlderButton } from './older-button.js';
import { openWhy } from './open-why.js';
import { useNarrow } from './use-narrow.js';
import type { PagedRows } from './use-paged-rows.js';

/** A list that is read page by page. A row opens why it came about; at phone width the columns that `narrow` names come first. */
export const PagedTable = <T extends Keyed>({
  list,
  caption,
  columns,
  narrow,
  height,
  empty,
  rowClass,
}: {
  readonly list: PagedRows<T>;
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly narrow: readonly string[];
  readonly height: number;
  readonly empty: string;
  readonly rowClass?: ((row: T) => string | undefined) | undefined;
}) => {
  const isNarrow = useNarrow();
  return (
    <>
      <Answered answer={list} height={height}>
        {rows => (
          <DataTable
            caption={caption}
            columns={isNarrow ? firstColumns(columns, narrow) : columns}
            rows={rows}
            rowKey={rowKey}
            onRow={openWhy}
            rowClass={rowClass}
            height={height}
            empty={<EmptyNote title={empty} />}
          />
        )}
      </Answered>
      <OlderButton list={list} />
    </>
  );
};
