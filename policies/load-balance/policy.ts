import { definePolicy, expectedExcess, GIB, option } from '#sdk';

/**
 * What VMs suffer on a crowded host. Two costs: demand that will not be served, expected from the mean and the variance
 * of the load; and the slow-down that sets in before a host is full, where work begins to queue.
 */
export default definePolicy({
  id: 'load-balance',
  about: 'Spreads load so that no host starves its VMs. Does nothing while nobody suffers.',
  phase: 'relieve',
  options: {
    comfort: option.share('load of a host up to which nothing queues', 0.75),
    slowdown: option.share('part of the work that counts as lost on a host that is just full', 0.2),
  },
  terms: { host: 'contention' },
  cost: {
    host: (host, { comfort, slowdown }, prices) => {
      const { cpu, memory } = host;
      const starvedMhz = expectedExcess(cpu.used, host.cpuDeviationMhz, cpu.capacity);
      const crowding = Math.min(1, Math.max(0, (cpu.share - comfort) / Math.max(0.01, 1 - comfort)));
      const queuedMhz = slowdown * crowding ** 2 * Math.min(cpu.used, cpu.capacity);
      const starvedBytes = Math.max(0, memory.used - memory.capacity);
      const cores = host.coreMhz > 0 ? (starvedMhz + queuedMhz) / host.coreMhz : 0;
      return cores * prices.perStarvedCoreHour + (starvedBytes / GIB) * prices.perStarvedGibHour;
    },
  },
});
