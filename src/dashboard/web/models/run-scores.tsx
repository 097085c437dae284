import { useMemo, useState } from 'preact/hooks';
import type { ScoresView } from '../../api/models-api.js';
import { VegaChart } from '../charts/vega.js';
import { Answered } from '../parts/answered.js';
import { EmptyNote } from '../parts/empty-note.js';
import { percent } from '../parts/figures.js';
import { Cell, Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { useAnswer } from '../state/answer.js';
import { driftSpec, regretSpec, reliabilitySpec, weightsSpec } from './chart-specs.js';
import { calibrationError } from './reliability.js';
import { ScoresTable } from './scores-table.js';
import { TrainingsPanel } from './trainings-panel.js';

const HEIGHT = 260;

const Reliability = ({ calibration }: Pick<ScoresView, 'calibration'>) => {
  const models = [...new Set(calibration.map(({ model }) => model))];
  const [chosen, setChosen] = useState('');
  const model = models.includes(chosen) ? chosen : (models[0] ?? '');
  const spec = useMemo(() => reliabilitySpec(calibration, model), [calibration, model]);
  const error = calibrationError(calibration.filter(bin => bin.model === model));
  return (
    <Panel
      title="Calibration"
      note={error === null ? 'Forecast probability against frequency' : `On the line is honest; ${percent(error, 1)} off on average`}
      aside={
        models.length < 2 ? undefined : (
          <SelectField bare label="Model" value={model} onChange={setChosen} options={models.map(value => ({ value, text: value }))} />
        )
      }
    >
      {calibration.length === 0 ? (
        <EmptyNote title="Too few forecasts have matured" />
      ) : (
        <VegaChart key={model} spec={spec} label={`Reliability diagram of ${model}`} height={HEIGHT} />
      )}
    </Panel>
  );
};

const Shown = ({ scores }: { readonly scores: ScoresView }) => {
  const { weights, regret, drift } = scores;
  const specs = useMemo(
    () => ({ weights: weightsSpec(weights), regret: regretSpec(regret), drift: driftSpec(drift) }),
    [weights, regret, drift],
  );
  const alarms = scores.drift.filter(({ level }) => level !== 'none');
  return (
    <Grid>
      <Cell span={12}>
        <ScoresTable metrics={scores.metrics} />
      </Cell>
      <Cell span={6}>
        <Reliability calibration={scores.calibration} />
      </Cell>
      <Cell span={6}>
        <Panel title="Weights" note="Share of each model in the ensemble, UTC">
          {scores.weights.length === 0 ? (
            <EmptyNote title="No ensemble was weighted" />
          ) : (
            <VegaChart spec={specs.weights} label="Weights of the ensemble over time" height={HEIGHT} />
          )}
        </Panel>
      </Cell>
      <Cell span={6}>
        <Panel title="Regret" note="Log loss behind the best member, cumulative, UTC">
          {scores.regret.length === 0 ? (
            <EmptyNote title="Nothing to compare" />
          ) : (
            <VegaChart spec={specs.regret} label="Regret over time" height={HEIGHT} />
          )}
        </Panel>
      </Cell>
      <Cell span={6}>
        <Panel title="Drift" note={`${alarms.length} of ${scores.drift.length} readings raised a warning or more, UTC`}>
          {alarms.length === 0 ? (
            <EmptyNote title="No detector raised anything">Inputs and errors stayed as they were when the models were trained.</EmptyNote>
          ) : (
            <VegaChart spec={specs.drift} label="Warnings of the drift detectors over time" height={HEIGHT} />
          )}
        </Panel>
      </Cell>
      <Cell span={12}>
        <TrainingsPanel trainings={scores.trainings} />
      </Cell>
    </Grid>
  );
};

/** How a run's forecasts did, as forecasts. */
export const RunScores = ({ run }: { readonly run: string }) => {
  const answer = useAnswer('models.scores', { params: { run } });
  return (
    <Answered answer={answer} height={420}>
      {scores =>
        scores.metrics.length === 0 && scores.calibration.length === 0 ? (
          <Panel title="Scores">
            <EmptyNote title="This run made no forecasts">Only strategies with models do. Choose another run.</EmptyNote>
          </Panel>
        ) : (
          <Shown scores={scores} />
        )
      }
    </Answered>
  );
};
