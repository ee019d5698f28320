import { definePolicy, option } from '#sdk';

/** For comparison only: whoever is above the threshold gives away, until nobody is; how far above is all that counts. */
export default definePolicy({
  id: 'threshold',
  about: 'Keeps processors below a threshold, and looks at nothing else.',
  phase: 'relieve',
  options: {
    most: option.share('load of a host from which it gives away', 0.75),
    perExcess: option.number('what a core above the threshold costs', 0.5, 'money/h', { least: 0 }),
  },
  terms: { host: 'excess' },
  cost: {
    host: ({ cpu, coreMhz }, { most, perExcess }) =>
      coreMhz > 0 ? (perExcess * Math.max(0, cpu.used - most * cpu.capacity)) / coreMhz : 0,
  },
});
