import type { CommandModule } from 'yargs';
import { dataBars } from './data-bars.js';
import { dataCapture } from './data-capture.js';
import { dataCheck } from './data-check.js';
import { dataExport } from './data-export.js';
import { dataFetch } from './data-fetch.js';
import { dataGc } from './data-gc.js';
import { dataImport } from './data-import.js';
import { dataList } from './data-list.js';
import { dataPull } from './data-pull.js';
import { dataPush } from './data-push.js';
import { dataSynth } from './data-synth.js';
import type { GlobalOptions } from './global-options.js';

/** `quantai data …` */
export const data: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'data',
  describe: 'Bring market data in, look at it, check it',
  builder: cli =>
    cli
      .command(dataImport)
      .command(dataPull)
      .command(dataCapture)
      .command(dataSynth)
      .command(dataBars)
      .command(dataList)
      .command(dataCheck)
      .command(dataExport)
      .command(dataGc)
      .command(dataPush)
      .command(dataFetch)
      .demandCommand(1, 'Say what to do with the data: a verb is missing.')
      .example('$0 data import btc-1h.csv.gz --exchange bybit --symbol BTC/USDT:USDT --timeframe 1h --dataset btc', 'bars from a file')
      .example('$0 data list', 'what is there'),
  handler: () => undefined,
};
