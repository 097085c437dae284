import { PROGRESS_VARIABLE } from '../heard-progress.js';

/** Who asks, for which workspace and whose passphrase is said with each command: what the server's own environment says of it belongs to another. */
const OTHERS = /^QUANTAI_(USER|HOME|PROGRESS)$|KEY|SECRET|PASSPHRASE|PASSWORD|TOKEN/i;

/** The login to the team's registry is the workspace's, whoever asks. */
const OURS = /^PGPASSWORD$/;

/** Environment of commands that others ask for: that of this process without its names and secrets. */
export const commandEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => OURS.test(name) || !OTHERS.test(name)));

/** The same for a process that tells its progress. */
export const heardEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...commandEnvironment(env), [PROGRESS_VARIABLE]: 'ipc' });
