import { definePolicy, option } from '#sdk';

/** For comparison only: even load for its own sake, which is what most balancers minimise. Of squares the sum is least when all are alike. */
export default definePolicy({
  id: 'spread',
  about: 'Makes the load of all processors alike, and looks at nothing else.',
  phase: 'improve',
  options: { perUneven: option.number('what a host costs that is fully loaded', 0.3, 'money/h', { least: 0 }) },
  terms: { host: 'unevenness' },
  cost: { host: ({ cpu }, { perUneven }) => perUneven * cpu.share ** 2 },
});
