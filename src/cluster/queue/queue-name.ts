import { PLATFORM } from '../../engine/platform.js';
import { ownCode } from './build-code.js';

/** What a worker is, as far as results may depend on it: a job is done only where all of it is the same as at its submitter. */
export interface Build {
  /** Name and version of the platform. */
  readonly platform: string;
  /** As Node calls the CPU architecture: `x64`, `arm64`. */
  readonly arch: string;
  /** SHA-256 over the code that jobs run and over Node's arithmetic: two checkouts of one version are two builds. */
  readonly code: string;
}

export const ownBuild = (): Build => ({ platform: PLATFORM, arch: process.arch, code: ownCode() });

/** Digits of the code's hash that a queue is named with: enough to tell the builds of a team apart. A job's id has all of them. */
const CODE_DIGITS = 12;

/** The queue of one build, so that a worker of another never sees its jobs. */
export const queueName = ({ platform, arch, code }: Build): string =>
  `${platform.replaceAll(':', '-')}-${arch}-${code.slice(0, CODE_DIGITS)}`;

/** A build to people: `quantai-trad@0.1.0 for x64, build 3f9a12c4d5e6`. */
export const buildWords = ({ platform, arch, code }: Build): string => `${platform} for ${arch}, build ${code.slice(0, CODE_DIGITS)}`;
