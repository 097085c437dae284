import type * as TensorflowCore from '@tensorflow/tfjs-core';
import { usageError } from '../../errors.js';
import { registerGradients } from './gradients.js';

/** The part of TensorFlow.js that training uses. */
export type Tensorflow = typeof TensorflowCore;

/** Where tensors are computed: WebAssembly, plain JavaScript, or the native library if the user has installed `@tensorflow/tfjs-node`. */
export type TensorflowBackend = 'wasm' | 'cpu' | 'node';

/** Every back end, the default first. */
export const TENSORFLOW_BACKENDS: readonly TensorflowBackend[] = ['wasm', 'cpu', 'node'];

/** What TensorFlow.js calls each. */
const REGISTERED: Readonly<Record<TensorflowBackend, string>> = { wasm: 'wasm', cpu: 'cpu', node: 'tensorflow' };

/** Not a literal at the import, because it is not among our dependencies. */
const NATIVE: string = '@tensorflow/tfjs-node';

const LOADERS: Readonly<Record<TensorflowBackend, () => Promise<void>>> = {
  wasm: async () => {
    const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
    // More threads would add in another order and give other bits.
    setThreadsCount(1);
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
  },
  node: async () => {
    try {
      await import(NATIVE);
    } catch (error) {
      throw usageError(
        'no-tensorflow-node',
        `The back end "node" needs ${NATIVE}, which does not load (${error instanceof Error ? error.message.split('\n')[0] : String(error)}).`,
        `Run "npm install ${NATIVE}@4.22.0", or use the back end "wasm".`,
      );
    }
  },
};

const FATAL = ['uncaughtException', 'unhandledRejection'] as const;

/** The WebAssembly glue listens for fatal errors of the whole process and throws them again. How they end is the program's business: its listeners are taken away. */
const withoutFatalListeners = async (load: () => Promise<void>): Promise<void> => {
  const before = FATAL.map(event => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  await load();
  FATAL.forEach((event, k) => {
    for (const listener of process.listeners(event as 'uncaughtException')) if (!before[k]!.has(listener)) process.off(event, listener);
  });
};

const load = async (backend: TensorflowBackend): Promise<Tensorflow> => {
  const tf = await import('@tensorflow/tfjs-core');
  // Else it advertises its native library on stderr.
  tf.enableProdMode();
  await withoutFatalListeners(async () => {
    await LOADERS[backend]();
    await tf.setBackend(REGISTERED[backend]);
    await tf.ready();
  });
  registerGradients(tf);
  useBackend(tf, backend);
  return tf;
};

const loading = new Map<TensorflowBackend, Promise<Tensorflow>>();

/** TensorFlow.js with a back end ready, loaded at the first call: nothing of it is loaded with the platform. Throws a usage error when `node` is asked for and not installed. */
export const loadTensorflow = (backend: TensorflowBackend): Promise<Tensorflow> => {
  const started = loading.get(backend) ?? load(backend);
  loading.set(backend, started);
  return started;
};

/** Makes a loaded back end the one that computes: models of several back ends may take turns in one process. */
export const useBackend = (tf: Tensorflow, backend: TensorflowBackend): void => {
  // A back end that is ready is set before the call returns; the promise is for those that are not.
  void tf.setBackend(REGISTERED[backend]);
  if (tf.getBackend() !== REGISTERED[backend])
    throw new Error(`TensorFlow.js computes on ${tf.getBackend()}, not on ${REGISTERED[backend]}`);
};

/** Whether a back end loads here. */
export interface BackendState {
  readonly name: TensorflowBackend;
  readonly loads: boolean;
  /** Why not; null when it does. */
  readonly reason: string | null;
}

/** Tries every back end. For `quantai doctor`. */
export const tensorflowBackends = async (): Promise<readonly BackendState[]> => {
  const states: BackendState[] = [];
  for (const name of TENSORFLOW_BACKENDS)
    try {
      await loadTensorflow(name);
      states.push({ name, loads: true, reason: null });
    } catch (error) {
      states.push({ name, loads: false, reason: error instanceof Error ? error.message : String(error) });
    }
  return states;
};
