import { PROBABILITY_FLOOR } from '../../models/scores/log-loss.js';
import type { ScoresView } from '../api/models-api.js';
import { queryFolder, type FolderQuery } from './folder-query.js';

/** More points than a chart has pixels, over all models together. */
const POINTS = 1000;
const BINS = 10;

/** Moments that are kept of a table with `ts` and `model`: the first of each stretch, and the last. */
const thinned = (
  table: string,
): string => `moments AS (SELECT ts, row_number() OVER (ORDER BY ts) - 1 AS i, count(*) OVER () AS n FROM (SELECT DISTINCT ts FROM ${table})),
  kept AS (SELECT ts FROM moments, (SELECT greatest(1, count(DISTINCT model)) AS models FROM ${table}) WHERE i % greatest(1, ceil(n * models / ${POINTS})) = 0 OR i = n - 1)`;

const metricsOf = async ({ table, rows }: FolderQuery): Promise<ScoresView['metrics']> => {
  const metrics = table('model_metrics.parquet');
  if (metrics === null) return [];
  const found = await rows(`SELECT model, metric, value, low, high, n, reason FROM ${metrics} WHERE fold IS NULL`);
  return found.map(row => ({
    model: row.text('model') ?? '',
    metric: row.text('metric') ?? '',
    value: row.number('value'),
    low: row.number('low'),
    high: row.number('high'),
    n: row.number('n'),
    reason: row.text('reason'),
  }));
};

const calibrationOf = async (forecasts: string, { rows }: FolderQuery): Promise<ScoresView['calibration']> => {
  const found = await rows(
    `SELECT model, least(${BINS - 1}, floor(up * ${BINS})) AS bin, avg(up) AS forecast, avg((outcome = 'up')::DOUBLE) AS observed, count(*)::DOUBLE AS n
     FROM ${forecasts} WHERE outcome IS NOT NULL AND up IS NOT NULL GROUP BY model, bin ORDER BY model, bin`,
  );
  return found.map(row => ({
    model: row.text('model') ?? '',
    bin: row.number('bin') ?? 0,
    forecast: row.number('forecast') ?? 0,
    observed: row.number('observed') ?? 0,
    n: row.number('n') ?? 0,
  }));
};

const weightsOf = async (forecasts: string, { rows }: FolderQuery): Promise<ScoresView['weights']> => {
  const found = await rows(
    `WITH weighed AS (SELECT ts, model, avg(weight) AS weight FROM ${forecasts} WHERE weight IS NOT NULL GROUP BY ts, model), ${thinned('weighed')}
     SELECT ts, model, weight FROM weighed WHERE ts IN (SELECT ts FROM kept) ORDER BY ts, model`,
  );
  return found.map(row => ({ ts: row.number('ts') ?? 0, model: row.text('model') ?? '', weight: row.number('weight') ?? 0 }));
};

/**
 * Cumulative logarithmic loss of each model less that of the member that has lost least so far, over the rows on which all of them spoke: what is lost by not having known the best. In nats, by the time of the forecast.
 */
const regretOf = async (forecasts: string, { rows }: FolderQuery): Promise<ScoresView['regret']> => {
  const found = await rows(
    `WITH losses AS (
       SELECT ts, symbol, model, -ln(greatest(${PROBABILITY_FLOOR}, CASE outcome WHEN 'down' THEN down WHEN 'flat' THEN flat ELSE up END)) AS loss
       FROM ${forecasts} WHERE outcome IS NOT NULL),
     spoken AS (SELECT ts, symbol FROM losses GROUP BY ts, symbol HAVING count(*) = (SELECT count(DISTINCT model) FROM losses)),
     moment AS (SELECT ts, model, sum(loss) AS loss FROM losses SEMI JOIN spoken USING (ts, symbol) GROUP BY ts, model),
     lost AS (SELECT ts, model, sum(loss) OVER (PARTITION BY model ORDER BY ts) AS lost FROM moment),
     best AS (SELECT ts, min(lost) AS least FROM lost WHERE model <> 'ensemble' GROUP BY ts), ${thinned('lost')}
     SELECT ts, model, lost - least AS regret FROM lost JOIN best USING (ts) WHERE ts IN (SELECT ts FROM kept) ORDER BY ts, model`,
  );
  return found.map(row => ({ ts: row.number('ts') ?? 0, model: row.text('model') ?? '', regret: row.number('regret') ?? 0 }));
};

const driftOf = async ({ table, rows }: FolderQuery): Promise<ScoresView['drift']> => {
  const journal = table('journal.parquet');
  if (journal === null) return [];
  const found = await rows(
    `SELECT ts, payload->>'$.subject' AS subject, payload->>'$.detector' AS detector, payload->>'$.level' AS level,
       (payload->>'$.statistic')::DOUBLE AS statistic, (payload->>'$.threshold')::DOUBLE AS threshold
     FROM ${journal} WHERE type = 'DriftChanged' ORDER BY seq DESC LIMIT ${POINTS}`,
  );
  return [...found].reverse().map(row => ({
    ts: row.number('ts') ?? 0,
    subject: row.text('subject') ?? '',
    detector: row.text('detector') ?? '',
    level: row.text('level') ?? '',
    statistic: row.number('statistic') ?? 0,
    threshold: row.number('threshold') ?? 0,
  }));
};

const trainingsOf = async ({ table, rows }: FolderQuery): Promise<ScoresView['trainings']> => {
  const trainings = table('trainings.parquet');
  if (trainings === null) return [];
  const found = await rows(`SELECT ts, model, checkpoint, rows, "trigger", late <> 0 AS late FROM ${trainings} ORDER BY ts, model`);
  return found.map(row => ({
    ts: row.number('ts') ?? 0,
    model: row.text('model') ?? '',
    checkpoint: row.text('checkpoint') ?? '',
    rows: row.number('rows') ?? 0,
    trigger: row.text('trigger') ?? '',
    late: row.flag('late') === true,
  }));
};

/** How a run's forecasts did: from its tables, thinned where they are drawn. All is empty for a run without forecasts. */
export const modelScores = (run: string, folder: string): Promise<ScoresView> =>
  queryFolder(folder, async query => {
    const forecasts = query.table('forecasts.parquet');
    return {
      run,
      metrics: await metricsOf(query),
      calibration: forecasts === null ? [] : await calibrationOf(forecasts, query),
      weights: forecasts === null ? [] : await weightsOf(forecasts, query),
      regret: forecasts === null ? [] : await regretOf(forecasts, query),
      drift: await driftOf(query),
      trainings: await trainingsOf(query),
    };
  });
