import { inProcessEngine } from '../../src/cluster/in-process.js';
import { jobEngineContract } from '../contracts/job-engine.js';

jobEngineContract('in-process', inProcessEngine);
