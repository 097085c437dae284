import type { Postgres } from '../../cluster/postgres/postgres.js';
import { registeredRun, type RegisteredRun, type RunRegistry } from './run-registry.js';

const COLUMNS = `run AS "runId", kind, strategy, bundle, dataset, version, versions, seed, config, fingerprint, metrics, final_equity AS "finalEquity",
  nullif(made_by, '') AS "by", at, place, folder, manifest`;
/** Of equal times the one that was registered last. */
const NEWEST = 'ORDER BY at DESC, id DESC';

/** The runs of a team. `place` names this workspace, `by` who works in it now. */
export const postgresRuns = (postgres: Postgres, place: string, by: string | null): RunRegistry => {
  const one = async (where: string, values: readonly unknown[]): Promise<RegisteredRun | null> => {
    const [run] = await postgres.query<RegisteredRun>(`SELECT ${COLUMNS} FROM quantai.runs ${where}`, values);
    return run ?? null;
  };
  return {
    record: async run => {
      const made = await registeredRun(run, place, by);
      await postgres.query(
        `INSERT INTO quantai.runs AS r (place, run, kind, strategy, bundle, dataset, version, versions, seed, config, fingerprint, metrics, final_equity, made_by, at, folder, manifest)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (place, run) DO UPDATE SET kind = excluded.kind, strategy = excluded.strategy, bundle = excluded.bundle, dataset = excluded.dataset,
           version = excluded.version, versions = excluded.versions, seed = excluded.seed, config = excluded.config, fingerprint = excluded.fingerprint,
           metrics = excluded.metrics, final_equity = excluded.final_equity, made_by = coalesce(nullif(r.made_by, ''), excluded.made_by), at = excluded.at,
           folder = excluded.folder, manifest = excluded.manifest`,
        [
          place,
          made.runId,
          made.kind,
          made.strategy,
          made.bundle,
          made.dataset,
          made.version,
          made.versions,
          made.seed,
          made.config,
          made.fingerprint,
          JSON.stringify(made.metrics),
          made.finalEquity,
          made.by ?? '',
          made.at,
          made.folder,
          JSON.stringify(made.manifest),
        ],
      );
    },
    list: () => postgres.query<RegisteredRun>(`SELECT ${COLUMNS} FROM quantai.runs ${NEWEST}`),
    get: runId => one('WHERE run = $1 ORDER BY (place = $2) DESC, at DESC, id DESC LIMIT 1', [runId, place]),
    latest: strategy => one(`WHERE $1::text IS NULL OR strategy = $1 ${NEWEST} LIMIT 1`, [strategy ?? null]),
  };
};
