import { badData } from '../../errors.js';
import type { Symbol } from '../../market/instrument.js';
import { runChecks } from '../quality/checks.js';
import { finding } from '../quality/check.js';
import type { Finding, Imported } from '../series.js';
import { containerOf, fileSize, Meter, pieces, type Container } from './bytes.js';
import { acrossFiles } from './across-files.js';
import { csvLayout, CsvParser } from './csv.js';
import { inferInstrument } from './infer-instrument.js';
import { contractSizeOf, quoteQuantities } from './inverse-contract.js';
import { guessExchange, guessSymbol, symbolFits } from './market-name.js';
import { NdjsonParser, ndjsonSample } from './ndjson.js';
import type { ImportOptions } from './options.js';
import { openParquet } from './parquet-file.js';
import { planReading, type ReadingPlan } from './reading-plan.js';
import { receiverClock } from './receiver-clock.js';
import { partsOf, type Part } from './rows.js';
import type { Sample } from './sample.js';
import { settle } from './settle.js';
import type { Table } from './table.js';

/** A text inside a file, read to its end. */
interface Text {
  /** `archive.zip!entry.csv` for an entry of an archive. */
  readonly name: string;
  readonly table: Table;
  readonly plan: ReadingPlan;
  readonly sample: Sample;
  readonly junk: readonly string[];
  readonly fault: string | undefined;
}

const HEAD = 1 << 18;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Waits for enough of a text to tell how to read it, then parses the rest as it comes. */
class TextReader {
  #head: Buffer[] = [];
  #size = 0;
  #parser: CsvParser | NdjsonParser | undefined;
  #text: Omit<Text, 'table' | 'fault'> | undefined;

  constructor(
    readonly name: string,
    readonly options: ImportOptions,
  ) {}

  push(chunk: Buffer): void {
    if (this.#parser) return this.#parser.push(chunk);
    this.#head.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= HEAD) this.#begin(false);
  }

  end(fault: string | undefined): Text {
    if (!this.#parser) this.#begin(fault === undefined);
    if (!this.#parser || !this.#text) throw badData('empty-file', `${this.name} holds no rows.`, 'Download it again.');
    return { ...this.#text, table: this.#parser.end(fault !== undefined), fault };
  }

  #begin(complete: boolean): void {
    let head = Buffer.concat(this.#head);
    this.#head = [];
    if (head.subarray(0, 3).equals(BYTE_ORDER_MARK)) head = head.subarray(3);
    const text = head.toString('utf8');
    const start = text.trimStart();
    if (start === '') throw badData('empty-file', `${this.name} holds no rows.`, 'Download it again.');
    if (start.startsWith('[[') || start.startsWith('[{') || /^\[\s*\n/.test(start))
      throw badData(
        'json-array',
        `${this.name} is one JSON array.`,
        "Write one row a line first, e.g. with: jq -c '.[]' FILE > rows.ndjson",
      );
    if (start.startsWith('{') || start.startsWith('[')) {
      const sample = ndjsonSample(text, complete);
      const plan = planReading(sample, this.name, this.options);
      this.#parser = new NdjsonParser(plan.columns);
      this.#text = { name: this.name, plan, sample, junk: [] };
    } else {
      const { layout, sample } = csvLayout(text, complete, this.name);
      const plan = planReading(sample, this.name, this.options);
      this.#parser = new CsvParser(layout, plan.columns);
      this.#text = { name: this.name, plan, sample, junk: layout.junk };
    }
    this.#parser.push(head);
  }
}

const readTexts = async (file: string, container: Container, meter: Meter, options: ImportOptions): Promise<Text[]> => {
  if (container === 'parquet') {
    for await (const piece of pieces(file, 'plain', meter)) if (piece.end) break;
    const parquet = await openParquet(file);
    try {
      const plan = planReading(parquet.sample, file, options);
      return [{ name: file, plan, sample: parquet.sample, table: await parquet.read(plan.columns), junk: [], fault: undefined }];
    } finally {
      parquet.close();
    }
  }
  const texts: Text[] = [];
  const readers = new Map<string, TextReader>();
  for await (const piece of pieces(file, container, meter)) {
    const name = piece.entry === '' ? file : `${file}!${piece.entry}`;
    let reader = readers.get(piece.entry);
    if (!reader) {
      reader = new TextReader(name, options);
      readers.set(piece.entry, reader);
    }
    if (piece.chunk) reader.push(piece.chunk);
    if (piece.end) {
      texts.push(reader.end(piece.end.fault));
      readers.delete(piece.entry);
    }
  }
  if (texts.length === 0) throw badData('empty-file', `${file} holds no rows.`, 'Download it again.');
  return texts;
};

const textFindings = (text: Text, container: Container, symbol: Symbol): Finding[] => {
  const common = { file: text.name, symbol, kind: text.plan.kind };
  const findings: Finding[] = [];
  if (text.junk.length > 0)
    findings.push({
      ...common,
      code: 'junk-line',
      severity: 'info',
      row: 1,
      count: text.junk.length,
      message: `Skipped before the header: "${text.junk[0]?.slice(0, 100)}".`,
    });
  findings.push(...receiverClock(text.sample, text.plan.fields.time, common));
  if (text.fault !== undefined) {
    const truncated = text.fault === 'truncated';
    const last = text.table.lines.at(-1);
    findings.push({
      ...common,
      code: truncated ? `truncated-${container}` : `corrupt-${container}`,
      severity: 'error',
      count: 1,
      message: `The file ${truncated ? 'ends before its end' : `is damaged (${text.fault})`}: ${text.table.rows} rows could be read, what follows is lost. Download it again.`,
      ...(last !== undefined && { row: last }),
    });
  }
  return findings;
};

const readFile = async (file: string, options: ImportOptions): Promise<Imported[]> => {
  const size = await fileSize(file);
  if (size === 0) throw badData('empty-file', `${file} is empty.`, 'Download it again.');
  const container = await containerOf(file);
  const meter = new Meter(file, size, options.onProgress);
  const texts = await readTexts(file, container, meter, options);
  const sha256 = meter.sha256();
  const exchange = options.exchange ?? options.filter?.['exchange'] ?? guessExchange(file);
  const groups = new Map<string, { parts: Part[]; texts: Text[]; words: Set<string> }>();
  for (const text of texts) {
    let word: string | undefined;
    const naming = (fileSymbol: string | undefined): Symbol => {
      word = fileSymbol;
      const own = text.plan.kind === 'universe' ? undefined : options.symbol;
      return own ?? guessSymbol(text.name, fileSymbol, text.plan.kind);
    };
    for (const part of partsOf(text.table, text.plan, text.name, naming, options)) {
      const key = `${part.kind} ${part.symbol}`;
      const group = groups.get(key) ?? { parts: [], texts: [], words: new Set<string>() };
      groups.set(key, group);
      group.parts.push(part);
      group.texts.push(text);
      if (word !== undefined) group.words.add(word);
    }
  }
  return [...groups.values()].map(({ parts, texts: own, words }) => {
    const [text] = own;
    const [part] = parts;
    if (!text || !part) throw new RangeError('no parts');
    const settled = settle(parts, file, exchange, options, text.plan);
    const { context, findings, reading } = settled;
    const contractSize = options.instrument?.contractSize ?? contractSizeOf(exchange, settled.series.symbol);
    const quantities = quoteQuantities(settled.series, contractSize, options.quantityUnit);
    const series = quantities?.series ?? settled.series;
    if (series.rows === 0)
      throw badData(
        'no-rows',
        `${file} has no row that can be used: ${findings.map(found => found.message).join(' ')}`,
        'Check --columns and --kind.',
      );
    const alien = [...words].filter(word => options.symbol !== undefined && !symbolFits(word, series.symbol));
    const inferred = inferInstrument(series, { exchange, symbol: series.symbol, contractSize });
    return {
      series,
      instrument: options.instrument
        ? {
            ...inferred,
            ...options.instrument,
            source: `${inferred.source}; ${Object.keys(options.instrument).join(', ')} given by the user`,
          }
        : inferred,
      source: {
        file,
        sha256,
        bytes: size,
        rows: series.rows,
        reading: {
          format: `${text.sample.format}${container === 'gzip' || container === 'zip' ? `, ${container}` : ''}`,
          header: text.sample.header ? text.sample.header.join(',') : 'none',
          kind: series.kind,
          ...part.reading,
          ...reading,
          ...(quantities && { quantities: `${quantities.unit}${quantities.told ? ' (told by the figures)' : ''}, kept in quote units` }),
        },
      },
      findings: [
        ...own.flatMap(each => textFindings(each, container, series.symbol)),
        ...alien.map(word =>
          finding(
            series,
            context,
            'symbol-mismatch',
            'error',
            0,
            series.rows,
            `The file calls its market "${word}", it is imported as ${series.symbol}.`,
          ),
        ),
        ...findings,
        ...(quantities?.told === true
          ? [
              finding(
                series,
                context,
                'quantity-unit',
                'warning',
                undefined,
                series.rows,
                `Quantities of ${series.symbol} are taken as ${quantities.unit === 'base' ? 'coins, for they have fractions' : `contracts of ${contractSize} in quote units, for they are whole`}, and kept in quote units. If that is wrong, say it with --quantity-unit.`,
              ),
            ]
          : []),
        ...runChecks(series, context),
        finding(
          series,
          context,
          'not-compared',
          'info',
          undefined,
          series.rows,
          'Not compared with a second source: a wrong market, zone or label would not show. Use data check --against.',
        ),
      ],
      synthetic: false,
    };
  });
};

const refuseErrors = (imported: readonly Imported[]): void => {
  const errors = imported.flatMap(one => one.findings).filter(found => found.severity === 'error');
  if (errors.length === 0) return;
  const top = errors
    .slice(0, 5)
    .map(({ file, row, code, message }) => `${file}${row === undefined ? '' : ` line ${row}`}: ${code}: ${message}`);
  throw badData(
    'bad-data',
    `${errors.length} error${errors.length === 1 ? '' : 's'} in the data. ${top.join(' ')}${errors.length > 5 ? ` … and ${errors.length - 5} more.` : ''}`,
    'Mend the file, import with --repair what has one right answer, or without --strict to see all findings.',
  );
};

/**
 * Reads files of market history into series ready for the lake: CSV, NDJSON (each plain, gzipped or zipped, also several entries) and Parquet. Kind, columns,
 * time unit, bar length and label are told from header and data and can be overridden; how each file was read stands in `source.reading`. One
 * `Imported` a file and series; entries of one archive are joined. Every fault is a finding with file, line and reason. What is handed over is always
 * ascending, and unique where the kind is (not trades, quotes, book); nothing is filled in. With mode `strict` any error-severity
 * finding throws bad data (exit 3), otherwise only what cannot be read at all does; a wrong option is a usage error (exit 2).
 */
export const readFiles = async (files: readonly string[], options: ImportOptions): Promise<Imported[]> => {
  const imported: Imported[] = [];
  for (const file of files) imported.push(...(await readFile(file, options)));
  const whole = acrossFiles(imported, options);
  if (options.mode === 'strict') refuseErrors(whole);
  return whole;
};
