/** The first rows of a file as text: what kind, columns and units are told from. */
export interface Sample {
  readonly format: 'csv' | 'ndjson' | 'parquet';
  /** Undefined for a file without a header. */
  readonly header: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
}

/** Cells of one column. */
export const sampleColumn = (sample: Sample, index: number): string[] => sample.rows.map(row => (row[index] ?? '').trim());
