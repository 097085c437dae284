import { PLATFORM } from '../../engine/platform.js';

/** What a worker is, as far as results may depend on it: a job is done only where both are the same as at its submitter. */
export interface Build {
  /** Name and version of the platform. */
  readonly platform: string;
  /** As Node calls the CPU architecture: `x64`, `arm64`. */
  readonly arch: string;
}

export const ownBuild = (): Build => ({ platform: PLATFORM, arch: process.arch });

/** The queue of one build, so that a worker of another never sees its jobs. */
export const queueName = ({ platform, arch }: Build): string => `${platform.replaceAll(':', '-')}-${arch}`;
