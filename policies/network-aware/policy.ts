import { definePolicy, option } from '#sdk';

const GB = 1e9;
const SECONDS_PER_HOUR = 3600;

/**
 * Bytes cost more the farther they go, so those who talk belong together; and a port near its limit loses bytes, so a
 * host with a busy port is a bad place even when its CPU is idle.
 */
export default definePolicy({
  id: 'network-aware',
  about: 'Keeps talkers close by host, rack and site, and keeps heavy traffic off busy ports.',
  phase: 'improve',
  options: {
    busyPort: option.share('load of a port from which packets begin to be lost', 0.7),
  },
  terms: { host: 'busy ports', pair: 'traffic' },
  cost: {
    host: ({ netRx, netTx }, { busyPort }, prices) => {
      const lostRx = Math.max(0, netRx.used - netRx.capacity * busyPort);
      const lostTx = Math.max(0, netTx.used - netTx.capacity * busyPort);
      return (((lostRx + lostTx) * SECONDS_PER_HOUR) / GB) * prices.perStarvedGb;
    },
    pair: (pair, _options, prices) => {
      if (pair.sameHost) return 0;
      const gbPerHour = (pair.bytesPerS * SECONDS_PER_HOUR) / GB;
      if (pair.sameRack) return gbPerHour * prices.perGbAcrossHosts;
      return gbPerHour * (pair.sameSite ? prices.perGbAcrossRacks : prices.perGbAcrossSites);
    },
  },
});
