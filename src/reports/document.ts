import type { ChartSpec } from './charts/chart.js';

/** A headline figure. */
export interface Tile {
  readonly label: string;
  readonly value: string;
  /** What stands under the figure: an interval, a length, a reason. */
  readonly detail: string;
  readonly tone?: 'gain' | 'loss' | 'alarm';
}

/** One column of a table. */
export interface TableColumn {
  /** With its unit, e.g. `Fee, USDT`. */
  readonly title: string;
  /** Numbers are aligned right and sort by value. */
  readonly kind: 'text' | 'number';
  /** Colour the number by its sign. */
  readonly signed?: boolean;
  /** Long text that may wrap. */
  readonly wide?: boolean;
}

/** What a report is made of. */
export type Block =
  | { readonly kind: 'chart'; readonly id: string; readonly spec: ChartSpec; readonly half?: boolean; readonly note?: string }
  | {
      readonly kind: 'table';
      readonly id: string;
      readonly caption: string;
      readonly columns: readonly TableColumn[];
      readonly rows: readonly (readonly string[])[];
      /** Said when there are no rows. */
      readonly empty: string;
      readonly half?: boolean;
      /** The section's title says enough: the caption is for screen readers only. */
      readonly quiet?: boolean;
    }
  | { readonly kind: 'text'; readonly paragraphs: readonly string[] }
  | { readonly kind: 'alarm'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly { readonly term: string; readonly text: string }[] }
  | { readonly kind: 'code'; readonly label: string; readonly text: string };

export interface Section {
  /** Anchor. */
  readonly id: string;
  readonly title: string;
  /** A sentence that says what to look for. */
  readonly lead?: string;
  readonly blocks: readonly Block[];
}

/** A whole report, before it is a page. */
export interface ReportDocument {
  readonly title: string;
  /** What was run, on what, over which time. */
  readonly subtitle: string;
  /** One sentence: did it make money after costs, at what risk, how much to believe it. */
  readonly verdict: string;
  readonly tiles: readonly Tile[];
  readonly sections: readonly Section[];
  readonly synthetic: boolean;
}
