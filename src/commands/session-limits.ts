import type { KeptLimit } from '../risk/limits-in-force.js';

const valueText = (value: KeptLimit['inForce'] | undefined): string => (value === null || value === undefined ? 'off' : String(value));

/** What a start says of limits that it does not take from its configuration: which stay as they were, and how to change them. One sentence for those that stay tighter, one for those that stay looser; nothing when all are as configured. */
export const keptLimitsText = (account: string, kept: readonly KeptLimit[]): readonly string[] => {
  const listed = (limits: readonly KeptLimit[]): string =>
    limits
      .map(({ name, inForce, configured, word }) => `${name} ${valueText(inForce)} (configured ${valueText(configured)}; ${word.reason})`)
      .join(', ');
  const looser = kept.filter(({ word }) => word.direction === 'looser');
  const others = kept.filter(({ word }) => word.direction !== 'looser');
  const [first] = others;
  return [
    ...(first === undefined
      ? []
      : [
          `A restart loosens nothing. These limits stay as they were: ${listed(others)}. To loosen one: quantai limits --account ${account} --set ${first.name}=${valueText(first.configured)} --reason "why".`,
        ]),
    ...(looser.length === 0 ? [] : [`These limits stay loosened, as somebody set them under this same configuration: ${listed(looser)}.`]),
  ];
};
