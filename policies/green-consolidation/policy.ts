import { definePolicy, option } from '#sdk';

/**
 * What the hosts draw, from their own power curves, at the price of a kWh and with what the building adds to it. The
 * core empties and switches off whatever this makes too dear, as far as rules and the reserve allow.
 */
export default definePolicy({
  id: 'green-consolidation',
  about: 'Uses as few watts as will do: empties hosts and switches them off, the least efficient first.',
  phase: 'improve',
  options: {
    carbonPrice: option.number('what a kWh costs the climate, added to its price', 0, 'money/kWh', { least: 0 }),
  },
  terms: { host: 'power' },
  cost: {
    host: (host, { carbonPrice }, prices) => {
      const watts = host.drawsPower ? host.watts() : host.offWatts;
      return (watts / 1000) * prices.pue * (prices.perKwh + carbonPrice);
    },
  },
});
