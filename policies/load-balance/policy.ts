import { definePolicy, expectedExcess, GIB, HOUR, option } from '#sdk';

/** As far ahead as anybody looks. */
const FAR = 2 * HOUR;

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
    foresight: option.share('how far starvation goes by what is foreseen instead of by what is wanted now', 0),
    unrelieved: option.share('part of what is foreseen to starve that is suffered before it is relieved', 1),
  },
  terms: { host: 'contention' },
  cost: {
    host: (host, { comfort, slowdown, foresight, unrelieved }, prices) => {
      const { cpu, memory } = host;
      const deviation = host.cpuDeviationMhz;
      // What is there now is known; the variance is of what is to come.
      const now = expectedExcess(cpu.used, (1 - foresight) * deviation, cpu.capacity);
      const later = foresight > 0 ? expectedExcess(cpu.forecast(FAR), deviation, cpu.capacity) : 0;
      const starvedMhz = (1 - foresight) * now + foresight * unrelieved * later;
      const crowding = Math.min(1, Math.max(0, (cpu.share - comfort) / Math.max(0.01, 1 - comfort)));
      const queuedMhz = slowdown * crowding ** 2 * Math.min(cpu.used, cpu.capacity);
      const starvedBytes = Math.max(0, memory.used - memory.capacity);
      const cores = host.coreMhz > 0 ? (starvedMhz + queuedMhz) / host.coreMhz : 0;
      return cores * prices.perStarvedCoreHour + (starvedBytes / GIB) * prices.perStarvedGibHour;
    },
  },
});
