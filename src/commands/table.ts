import CliTable from 'cli-table3';

/** A column: its heading, and `right` for figures. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows under headings, without rules: what a terminal shows and a pipe can cut. */
export const table = (columns: readonly Column[], rows: readonly (readonly (string | number)[])[]): string => {
  const drawn = new CliTable({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) drawn.push(row.map(String));
  return drawn
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');
};
