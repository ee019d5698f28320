import type { Case } from '../../case/case.ts';
import { caseChunks } from '../../case/write-case.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../domain/profile.ts';
import { GENERATE_DEFAULTS, type GenerateOptions, generateInventory } from '../../simulator/generate.ts';
import { defineCommand } from '../command.ts';
import { DONE, refused, wrong } from '../io.ts';

const DEFAULT_SEED = 7;
const HOSTS_PER_RACK = 40;

const count = (about: string) => ({ kind: 'number', placeholder: 'N', about }) as const;
const share = (about: string) => ({ kind: 'number', placeholder: 'SHARE', about }) as const;

const options = {
  hosts: count(`How many hosts; otherwise ${GENERATE_DEFAULTS.hosts}`),
  vms: count('How many VMs; otherwise as many per host as in the embedded datacenter'),
  racks: count(`How many racks; otherwise one for ${HOSTS_PER_RACK} hosts, at least ${GENERATE_DEFAULTS.racks}`),
  seed: count(`The same number makes the same datacenter; otherwise ${DEFAULT_SEED}`),
  load: share(`Share of the CPU that is wanted; otherwise ${GENERATE_DEFAULTS.load}`),
  skew: share(`Share of the hosts that start overloaded; otherwise ${GENERATE_DEFAULTS.skew}`),
  rules: share(`Share of the VMs that must keep apart from others; otherwise ${GENERATE_DEFAULTS.rules}`),
  variety: share('Share of the services under rules of other kinds, such as affinity and backups; otherwise none'),
  traffic: count(`Flows per VM; otherwise ${GENERATE_DEFAULTS.traffic}`),
} as const;

export const generate = defineCommand({
  name: 'generate',
  group: 'files',
  about: 'Print a made-up but plausible case',
  more: 'It starts without a broken rule. The same options make the same case, byte for byte.',
  operands: [],
  options,
  examples: [
    'drover generate > case.json',
    'drover generate --hosts 10000 --vms 100000 --seed 7 > large.json',
    'drover generate --skew 0.5 --load 0.8 | drover decide -',
  ],
  async run({ options: given, out }) {
    const seed = given.seed ?? DEFAULT_SEED;
    if (!Number.isInteger(seed)) return wrong(`--seed is ${seed}, should be a whole number`);
    const inventory = generateInventory(generateOptions(given), seed);
    if ('because' in inventory) {
      return inventory.rule === 'options' ? wrong(`--${inventory.because}`) : refused(inventory.because);
    }
    const stated: Case = {
      inventory,
      profile: DEFAULT_PROFILE,
      prices: DEFAULT_PRICES,
      limits: DEFAULT_LIMITS,
      power: true,
    };
    await out.printAll(caseChunks(stated));
    return DONE;
  },
});

type Given = { readonly [K in keyof typeof options]: number | undefined };

function generateOptions(given: Given): GenerateOptions {
  const defaults = GENERATE_DEFAULTS;
  const { hosts = defaults.hosts, load = defaults.load, skew = defaults.skew } = given;
  return {
    hosts,
    vms: given.vms ?? Math.round((hosts * defaults.vms) / defaults.hosts),
    racks: given.racks ?? Math.max(defaults.racks, Math.ceil(hosts / HOSTS_PER_RACK)),
    load,
    skew,
    rules: given.rules ?? defaults.rules,
    variety: given.variety ?? defaults.variety,
    traffic: given.traffic ?? defaults.traffic,
    atMs: defaults.atMs,
  };
}
