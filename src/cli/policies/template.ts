/** What `drover policy new` writes: a policy that is small, whole and does something that one can see. */
export function policyTemplate(id: string): Readonly<Record<string, string>> {
  return { 'policy.ts': POLICY(id), 'policy.test.ts': TEST, 'README.md': README(id) };
}

const POLICY = (id: string) => `import { definePolicy, option } from '#sdk';

export default definePolicy({
  id: '${id}',
  about: 'Keeps hosts from being crowded with VMs.',
  phase: 'improve',
  options: {
    most: option.number('VMs on one host that are still comfortable', 12, 'VMs', { least: 1 }),
    perVmTooMany: option.number('what each VM above that costs', 0.05, 'money/h', { least: 0 }),
  },
  terms: { host: 'crowding' },
  // Money per hour. Drover finds the changes that lower it, if they pay back and no rule forbids them.
  cost: {
    host: (host, { most, perVmTooMany }) => Math.max(0, host.vmCount - most) * perVmTooMany,
  },
});
`;

const TEST = `import { aHost, aVm, describePolicy } from '#testing';
import policy from './policy.ts';

const hosts = [aHost({ id: 'h1' }), aHost({ id: 'h2' })];
const vms = ['a', 'b', 'c', 'd'].map((id) => aVm({ id, host: 'h1' }));

// One row per situation. The laws that every policy keeps are checked on each of them too.
describePolicy(policy, [
  {
    it: 'moves VMs away from a crowded host',
    hosts,
    vms,
    options: { most: 2, perVmTooMany: 0.1 },
    costPerHour: 0.2,
    costPerHourAfter: 0,
  },
  {
    it: 'leaves a host alone that is not crowded',
    hosts,
    vms,
    changes: [],
    costPerHour: 0,
  },
]);
`;

const README = (id: string) => `# ${id}

Keeps hosts from being crowded with VMs.

**What it costs.** Per host and hour: \`perVmTooMany\` for each VM above \`most\`.

| option | default | meaning |
|---|---|---|
| \`most\` | 12 | VMs on one host that are still comfortable |
| \`perVmTooMany\` | 0.05 | what each VM above that costs (money/h) |
`;
