import type { Mutation } from './mutations.js';
import type { Scenario } from './scenario.js';

/** A scenario and what came of it on each seed: sentences, none when everything held. */
export interface ConformanceRow {
  readonly scenario: Scenario;
  readonly found: readonly string[];
}

/** A row of the table of faults that was played over the wire with unmodified ccxt, by the file of tests that does. */
export interface WireRow {
  readonly row: number;
  readonly venue: 'binance' | 'bybit';
  readonly file: string;
}

export interface ConformanceOptions {
  /** Day of the run, `YYYY-MM-DD`. */
  readonly date: string;
  readonly seeds: readonly number[];
  readonly rows: readonly ConformanceRow[];
  readonly wire: readonly WireRow[];
  readonly mutations: readonly Mutation[];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 200);
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(each => `| ${each.map(cell).join(' | ')} |`).join('\n');

/** The table venue by scenario by date, as Markdown. The same results give the same text. */
export const conformanceText = ({ date, seeds, rows, wire, mutations }: ConformanceOptions): string => {
  const over = (venue: WireRow['venue'], row: number): string =>
    [...new Set(wire.filter(each => each.venue === venue && each.row === row).map(({ file }) => file))].join(', ');
  return `# Conformance: what the live side survives

<!-- Made by \`node scripts/conformance.mjs --date ${date}\`; do not edit. -->

Date: ${date}. In process: the practice exchange on virtual time, below the transport port, seeds ${seeds.join(', ')}. After each row the oracle compares the journal with the exchange: O1 fills,
O2 intents, O3 positions and money to the unit, O4 the folded state, O5 the hash chain, O6 protection, O7 convergence; no request is sent during a ban. Every counter under "reached" was above
zero on each seed. A law that cannot hold in a row is waived, and the scenario's file says why. Binance and Bybit: the file of tests that plays the row in real time with unmodified ccxt against that
front of the practice exchange; empty where only the simulated venue plays it.

${table(
  ['row', 'scenario', 'inject', 'expect', 'in process', 'reached', 'waived', 'Binance', 'Bybit'],
  rows.map(({ scenario: { number, name, inject, expect, sometimes, waived = {} }, found }) => [
    String(number),
    name,
    inject,
    expect,
    found.length === 0 ? 'holds' : `**fails**: ${found[0]}`,
    sometimes.join(', '),
    Object.keys(waived)
      .map(law => law.toUpperCase())
      .join(' '),
    over('binance', number),
    over('bybit', number),
  ]),
)}

## Defences

Each of these was switched off, and the scenario beside it fails then. Where two are named, one stands behind the other, and both were switched off. The journal has no switches: there the disk deceives it, so that
its check finds nothing.

${table(
  ['defence', 'scenario'],
  mutations.map(({ of, defence, scenario, also }) => [
    `${of}.${defence}${also === undefined ? '' : `, ${also.of}.${also.defence}`}`,
    scenario,
  ]),
)}
`;
};

/** Rows that files of tests over the wire name, from their text: `row: 5` of a script, or a title `'5: …'`; a script without venues plays on both. */
export const wireRows = (files: readonly { readonly path: string; readonly text: string }[]): readonly WireRow[] =>
  files.flatMap(({ path, text }) => {
    const file = path.split('/').slice(-2).join('/');
    if (path.includes('scenarios-bybit'))
      return [...text.matchAll(/\bit\('(\d+):/g)].map((match): WireRow => ({ row: Number(match[1]), venue: 'bybit', file }));
    const starts = [...text.matchAll(/\brow: (\d+)/g)];
    return starts.flatMap((match, i): WireRow[] => {
      const venues = /venues: \[([^\]]*)\]/.exec(text.slice(match.index, starts[i + 1]?.index ?? text.length))?.[1] ?? "'binance', 'bybit'";
      return (['binance', 'bybit'] as const).filter(venue => venues.includes(venue)).map(venue => ({ row: Number(match[1]), venue, file }));
    });
  });
