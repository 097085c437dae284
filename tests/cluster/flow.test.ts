import { describe, expect, test } from 'vitest';
import { flowOver, planFlow } from '../../src/cluster/flow.js';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import type { FlowNode, JobEngine } from '../../src/cluster/job-engine.js';
import { SAMPLE } from '../contracts/job-engine.js';

const node = (name: string, children?: readonly FlowNode[], handler = SAMPLE): FlowNode => ({
  handler,
  payload: { do: children ? 'sum' : 'square', x: name.length },
  name,
  ...(children && { children }),
});

/** Names by stage. */
const stagesOf = (root: FlowNode): string[][] => planFlow(root).stages.map(stage => stage.map(({ nodes: [first] }) => first.name));

describe('the plan of a flow', () => {
  test('puts siblings of one handler into a stage, those of another into one of their own, and parents after their children', () => {
    const root = node('the root', [
      node('fold', [node('a'), node('bb', undefined, 'experiments/other')]),
      node('folds', [node('ccc'), node('deep', [node('eeeee')])]),
    ]);
    expect(stagesOf(root)).toEqual([['a', 'ccc', 'eeeee'], ['bb'], ['fold', 'deep'], ['folds'], ['the root']]);
  });

  test('joins equal jobs, of which one node may stand in several places, and keeps apart what differs in any way', () => {
    const twice = node('a');
    const { stages } = planFlow(
      node('root', [
        node('b1', [twice]),
        node('b2', [twice, twice]),
        node('b3', [{ ...twice, name: 'another name' }]),
        node('b4', [{ ...twice, payload: { do: 'square', x: -0 } }]),
      ]),
    );
    expect(stages.map(stage => stage.map(({ nodes }) => nodes.map(({ name }) => name)))).toEqual([
      [['a', 'another name'], ['a']],
      [['b1', 'b3'], ['b2'], ['b4']],
      [['root']],
    ]);
  });

  test('has no stage for what is known, and takes nothing that waits for it for equal', () => {
    const known = (result: number): FlowNode => ({ ...node('known', [node('below')]), known: { result } });
    expect(stagesOf(node('root', [node('one', [known(1)]), node('two', [known(2)])]))).toEqual([['one', 'two'], ['root']]);
    expect(stagesOf(known(1))).toEqual([]);
  });

  test('of many nodes that share what is below them costs no more than their number', () => {
    let chain = node('0');
    const all = [chain];
    for (let i = 1; i < 40; i++) all.push((chain = { ...node(`${i}`, [chain, chain]), payload: { do: 'list', i } }));
    expect(planFlow({ ...node('root', all) }).stages).toHaveLength(41);
  });
});

describe('a flow over `run`', () => {
  test('is one call of it a stage, so that siblings run side by side', async () => {
    const calls: number[] = [];
    const { run } = inProcessEngine();
    const counted: JobEngine['run'] = (handler, payloads, options) => {
      calls.push(payloads.length);
      return run(handler, payloads, options);
    };
    const root = node('r', [node('f', [node('a'), node('bb')]), node('ff', [node('ccc'), node('dddd')])]);
    expect(await flowOver(counted)(root)).toBe(1 + 1 + 1 + 4 + 2 + 9 + 16);
    expect(calls).toEqual([4, 2, 1]);
  });

  test('begins a parent on record only when its children are done', async () => {
    const order: string[] = [];
    await inProcessEngine().flow(node('r', [node('a'), node('bb')]), {
      onStart: nodes => void order.push(...nodes.map(({ name }) => `${name} begins`)),
      onResult: ({ name }) => void order.push(`${name} ends`),
    });
    expect(order).toEqual(['a begins', 'a ends', 'bb begins', 'bb ends', 'r begins', 'r ends']);
  });
});
