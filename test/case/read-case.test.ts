import { describe, expect, test } from 'vitest';
import { readCase } from '../../src/case/read-case.ts';
import { problemWords } from '../../src/config/problem.ts';
import { HOST_DEFAULTS } from '../../src/domain/host.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { NOTHING } from '../../src/domain/resources.ts';
import { fromDemand, VM_DEFAULTS } from '../../src/domain/vm.ts';

const HOST = { id: 'h1', capacity: { cpuMhz: 1000, memoryBytes: 2000 } };
const OTHER = { ...HOST, id: 'h2' };
const VM = { id: 'v1', host: 'h1', demand: { cpuMhz: 10, memoryBytes: 20 } };
const PEER = { ...VM, id: 'v2' };

const document = (parts: object) => ({ drover: 'case/1', hosts: [HOST, OTHER], vms: [VM, PEER], ...parts });

function complaints(text: string): string[] {
  const read = readCase(text, 'case.json');
  return Array.isArray(read) ? read.map(problemWords) : [];
}

test('a short case is completed with defaults', () => {
  const whole = <T>(amounts: T) => ({ ...NOTHING, ...amounts });
  expect(readCase(JSON.stringify({ drover: 'case/1', hosts: [HOST], vms: [VM] }), 'case.json')).toEqual({
    inventory: {
      atMs: 0,
      hosts: [{ ...HOST_DEFAULTS, ...HOST, capacity: whole(HOST.capacity) }],
      vms: [{ ...VM_DEFAULTS, ...VM, demand: whole(VM.demand), ...fromDemand(whole(VM.demand)) }],
      flows: [],
      rules: [],
      flights: [],
    },
    profile: DEFAULT_PROFILE,
    prices: DEFAULT_PRICES,
    limits: DEFAULT_LIMITS,
    power: true,
  });
});

test('a byte order mark before the case is no mistake', () => {
  expect(complaints(`\uFEFF${JSON.stringify(document({}))}`)).toEqual([]);
});

describe('one mistake, one sentence', () => {
  test.each<[object, string]>([
    [{ atMs: -1 }, 'atMs is -1, should be 0 or more'],
    [{ hosts: 5, vms: [] }, 'hosts is 5, should be a list'],
    [{ host: [] }, 'host is not known — did you mean "hosts"?'],
    [{ power: 'no' }, 'power is "no", should be true or false'],
    [{ prices: { perKWh: 1 } }, 'prices.perKWh is not known — did you mean "perKwh"?'],
    [{ profile: { policies: { green: { weight: -1 } } } }, 'profile.policies.green.weight is -1, should be 0 or more'],
    [
      { hosts: [HOST, { ...OTHER, capacity: { cpuMhz: 1 } }] },
      'hosts[1].capacity.memoryBytes is missing, should be a number (configured memory, in bytes)',
    ],
    [
      { hosts: [HOST, { ...OTHER, capacity: { ...HOST.capacity, gpus: 1 } }] },
      'hosts[1].capacity.gpus is not known; here may stand: cpuMhz, memoryBytes, netRxBytesPerS, netTxBytesPerS',
    ],
    [{ hosts: [HOST, { ...OTHER, reserved: { cpuMhz: -5 } }] }, 'hosts[1].reserved.cpuMhz is -5, should be 0 or more'],
    [
      { hosts: [HOST, { ...OTHER, powerModel: { watts: [100] } }] },
      'hosts[1].powerModel.watts is [100], should be a list of 2 or more',
    ],
    [
      { hosts: [HOST, { ...OTHER, power: 'of' }] },
      'hosts[1].power is "of", should be one of "on", "emptying", "shutting-down", "off", "booting", "suspect"',
    ],
    [{ hosts: [HOST, { ...OTHER, labels: { size: 5 } }] }, 'hosts[1].labels.size is 5, should be a text'],
    [{ hosts: [HOST, OTHER, HOST] }, 'hosts[2].id is "h1" like hosts[0].id, should be unique'],
    [{ vms: [VM, { ...PEER, host: 'h3' }] }, 'vms[1].host is "h3", which is no host of this case'],
    [{ vms: [VM, { ...PEER, vcpus: 0 }] }, 'vms[1].vcpus is 0, should be 1 or more'],
    [{ vms: [VM, PEER, VM] }, 'vms[2].id is "v1" like vms[0].id, should be unique'],
    [{ vms: [VM, { ...PEER, pinnedTo: ['h1', 'h9'] }] }, 'vms[1].pinnedTo[1] is "h9", which is no host of this case'],
    [{ vms: [VM, { ...PEER, lables: {} }] }, 'vms[1].lables is not known — did you mean "labels"?'],
    [{ flows: [{ from: 'v1', to: 'v9', bytesPerS: 1 }] }, 'flows[0].to is "v9", which is no VM of this case'],
    [{ flows: [{ from: 'v1', to: 'v1', bytesPerS: 1 }] }, 'flows[0] is from v1 to itself, should be left out'],
    [{ flows: [{ from: 'v1', to: 'v2', bytesPerS: -1 }] }, 'flows[0].bytesPerS is -1, should be 0 or more'],
    [
      { rules: [{ kind: 'anti-affinity', id: 'r', vms: ['v1', 'v9'] }] },
      'rules[0].vms[1] is "v9", which is no VM of this case',
    ],
    [
      { rules: [{ kind: 'afinity', id: 'r', vms: ['v1', 'v2'] }] },
      'rules[0].kind is "afinity", should be one of "anti-affinity", "affinity", "run-on", "keep-off", "most-vms", "backups", "spread", "depends-on", "failover" — did you mean "affinity"?',
    ],
    [
      { rules: [{ kind: 'run-on', id: 'r', vms: ['v1'], hosts: ['h1', 'h3'] }] },
      'rules[0].hosts[1] is "h3", which is no host of this case',
    ],
    [
      { rules: [{ kind: 'keep-off', id: 'r', hosts: ['h1'] }] },
      'rules[0].vms names nothing, should name some, or give vmLabels',
    ],
    [
      { rules: [{ kind: 'run-on', id: 'r', vmLabels: { app: 'erp' }, hosts: ['h1'] }] },
      'rules[0].vmLabels asks for app: "erp", which no VM of this case carries',
    ],
    [{ rules: [{ kind: 'most-vms', id: 'r', most: 0 }] }, 'rules[0].most is 0, should be 1 or more'],
    [
      { rules: [{ kind: 'backups', id: 'r', most: 1, jobs: [{ startMinute: 1440, minutes: 30 }] }] },
      'rules[0].jobs[0].startMinute is 1440, should be 1439 or less',
    ],
    [
      { rules: [{ kind: 'backups', id: 'r', most: 1, jobs: [{ startMinute: 60, minutes: 30, vms: ['v8'] }] }] },
      'rules[0].jobs[0].vms[0] is "v8", which is no VM of this case',
    ],
    [
      { rules: [{ kind: 'failover', id: 'r', failures: 1, at: 'end' }] },
      'rules[0].at is not known; here may stand: kind, id, failures, vms, vmLabels',
    ],
    [{ flights: [{ vm: 'v9', from: 'h1', to: 'h2' }] }, 'flights[0].vm is "v9", which is no VM of this case'],
    [
      { limits: { hosts: { h3: { migrationsPerSource: 2 } } } },
      'limits.hosts.h3 is "h3", which is no host of this case',
    ],
    [
      { limits: { pairs: [{ hosts: ['h1', 'h9'], migrations: 2 }] } },
      'limits.pairs[0].hosts[1] is "h9", which is no host of this case',
    ],
    [{ flights: [{ vm: 'v1', from: 'h1', to: 'h9' }] }, 'flights[0].to is "h9", which is no host of this case'],
    [{ flights: [{ vm: 'v1', from: 'h1', to: 'h1' }] }, 'flights[0].to is "h1" like its from, should be another host'],
    [{ flights: [{ vm: 'v1', from: 'h2', to: 'h1' }] }, 'flights[0].from is "h2", should be "h1", where v1 still runs'],
    [
      {
        flights: [
          { vm: 'v1', from: 'h1', to: 'h2' },
          { vm: 'v1', from: 'h1', to: 'h2' },
        ],
      },
      'flights[0].vm is "v1", which is in more than one flight, should be in one',
    ],
    [{ drover: 'case/2' }, 'drover is "case/2", should be "case/1"'],
  ])('%j', (parts, complaint) => {
    expect(complaints(JSON.stringify(document(parts)))).toEqual([`case.json: ${complaint}`]);
  });

  test('suggests the name that was meant', () => {
    const hosts = [{ ...HOST, id: 'compute-01' }];
    const vms = [{ ...VM, host: 'compute-1' }];
    expect(complaints(JSON.stringify(document({ hosts, vms })))).toEqual([
      'case.json: vms[0].host is "compute-1", which is no host of this case — did you mean "compute-01"?',
    ]);
  });

  test('what is no case at all is told once', () => {
    const complaint = ['case.json: is not a case file, should be an object with "drover": "case/1"'];
    for (const text of ['{"hosts": 5, "foo": 1}', '[]', '5', 'null', '""']) expect(complaints(text)).toEqual(complaint);
  });
});

describe('many mistakes', () => {
  test('are told all at once', () => {
    const text = JSON.stringify(
      document({ power: 1, hosts: [HOST, { id: 'h2' }], vms: [VM, { ...VM, demand: {} }, { ...PEER, host: 'x' }] }),
    );
    expect(complaints(text).map((words) => words.split(' ')[1])).toEqual([
      'power',
      'hosts[1].capacity',
      'vms[1].demand.cpuMhz',
      'vms[1].demand.memoryBytes',
      'vms[1].id',
      'vms[2].host',
    ]);
  });

  test('a VM on a host that is itself faulty is not a second mistake', () => {
    const text = JSON.stringify(document({ hosts: [{ ...HOST, cores: -1 }, OTHER] }));
    expect(complaints(text)).toEqual(['case.json: hosts[0].cores is -1, should be more than 0']);
  });

  test('are bounded, and the rest is counted', () => {
    const vms = Array.from({ length: 200 }, (_, i) => ({ ...VM, id: `v${i}`, host: 'nowhere' }));
    const said = complaints(JSON.stringify(document({ vms })));
    expect(said).toHaveLength(51);
    expect(said.at(-1)).toBe('case.json: and 150 more');
  });
});
