import { resolve } from 'node:path';
import { DEFAULT_SIMULATED } from '../../config/defaults.ts';
import type { SimulatedSettings } from '../../config/settings.ts';
import { defineCommand, type OptionValues } from '../command.ts';
import { type Ending, isEnding, wrong } from '../io.ts';

const options = {
  socket: { kind: 'text', placeholder: 'PATH', about: 'Unix socket to be driven at' },
  hosts: { kind: 'number', placeholder: 'N', about: `Hosts; otherwise ${DEFAULT_SIMULATED.hosts}` },
  vms: { kind: 'number', placeholder: 'N', about: `VMs; otherwise ${DEFAULT_SIMULATED.vms}` },
  racks: { kind: 'number', placeholder: 'N', about: `Racks; otherwise ${DEFAULT_SIMULATED.racks}` },
  seed: { kind: 'number', placeholder: 'N', about: 'The same number makes the same datacenter' },
  speed: {
    kind: 'number',
    placeholder: 'N',
    about: `Its seconds per real second; otherwise ${DEFAULT_SIMULATED.speed}`,
  },
  day: {
    kind: 'number',
    placeholder: 'MINUTES',
    about: `How long its day is; otherwise ${DEFAULT_SIMULATED.dayMinutes}`,
  },
} as const;

export const datacenter = defineCommand({
  name: 'datacenter',
  group: 'run',
  about: 'Host a simulated datacenter in a process of its own',
  more: `A daemon drives it with \`driver: {kind: simulated, at: PATH}\` in its configuration. It lives on when the daemon
ends or crashes, with the migrations and boots that are under way.`,
  operands: [],
  options,
  examples: ['drover datacenter --socket dc.sock', 'drover datacenter --socket dc.sock --hosts 64 --vms 600'],
  async run({ options: given, io }) {
    if (given.socket === undefined) return wrong('drover datacenter needs a socket: drover datacenter --socket PATH');
    const settings = settingsOf(given);
    if (isEnding(settings)) return settings;
    const { hostDatacenter } = await import('../../wiring/host-datacenter.ts');
    return { exitCode: await hostDatacenter(settings, resolve(io.cwd, given.socket)), sentences: [] };
  },
});

function settingsOf(given: OptionValues<typeof options>): SimulatedSettings | Ending {
  const { hosts, vms, racks, seed, speed, day } = given;
  for (const [name, value, least] of [
    ['hosts', hosts, 1],
    ['vms', vms, 0],
    ['racks', racks, 1],
    ['seed', seed, 0],
  ] as const)
    if (value !== undefined && !(Number.isInteger(value) && value >= least))
      return wrong(`--${name} is ${value}, should be a whole number from ${least}`);
  for (const [name, value] of [
    ['speed', speed],
    ['day', day],
  ] as const)
    if (value !== undefined && !(value > 0)) return wrong(`--${name} is ${value}, should be more than 0`);
  return {
    kind: 'simulated',
    hosts: hosts ?? DEFAULT_SIMULATED.hosts,
    vms: vms ?? DEFAULT_SIMULATED.vms,
    racks: racks ?? DEFAULT_SIMULATED.racks,
    seed: seed ?? DEFAULT_SIMULATED.seed,
    speed: speed ?? DEFAULT_SIMULATED.speed,
    dayMinutes: day ?? DEFAULT_SIMULATED.dayMinutes,
  };
}
