import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PROCEDURE } from '../../../src/drivers/libvirt/procedures.ts';

/** What libvirt asks for at each call, as `@acl` and `@aclfilter` in its remote_protocol.x (9.0) say. */
const ASKED_FOR: Readonly<Record<keyof typeof PROCEDURE, readonly string[]>> = {
  open: ['connect.getattr'],
  close: [],
  nodeInfo: ['connect.read'],
  capabilities: ['connect.read'],
  defineXml: ['domain.write', 'domain.save'],
  domainXml: ['domain.read', 'domain.read-secure'],
  resume: ['domain.suspend'],
  undefine: ['domain.delete'],
  domainRestore: ['domain.start', 'domain.write'],
  domainSave: ['domain.hibernate'],
  hostname: ['connect.getattr'],
  supportsFeature: ['connect.getattr'],
  authList: [],
  authPolkit: [],
  poolCreate: ['storage-pool.start', 'storage-pool.write'],
  poolDestroy: ['storage-pool.stop'],
  poolRefresh: ['storage-pool.refresh'],
  poolByName: ['storage-pool.getattr'],
  poolXml: ['storage-pool.read'],
  volumeCreate: ['storage-vol.create'],
  volumeDelete: ['storage-vol.delete'],
  libVersion: ['connect.getattr'],
  abortJob: ['domain.write'],
  domainState: ['domain.read'],
  nodeCpuStats: ['connect.read'],
  nodeMemoryStats: ['connect.read'],
  savedXml: ['domain.write'],
  listDomains: ['connect.search-domains', 'domain.getattr'],
  listPools: ['connect.search-storage-pools', 'storage-pool.getattr'],
  listVolumes: ['storage-pool.search-storage-vols', 'storage-vol.getattr'],
  listNetworks: ['connect.search-networks', 'network.getattr'],
  listInterfaces: ['connect.search-interfaces', 'interface.getattr'],
  jobStats: ['domain.read'],
  migrateBegin: ['domain.migrate'],
  migratePrepare: ['domain.migrate', 'domain.start', 'domain.write'],
  migrate: ['domain.migrate'],
  migrateFinish: ['domain.migrate'],
  migrateConfirm: ['domain.migrate'],
  registerEvent: ['connect.search-domains', 'domain.getattr'],
  allDomainStats: ['connect.search-domains', 'domain.read'],
  startPostCopy: ['domain.migrate'],
  compareCpu: ['connect.write'],
  startDirtyRate: ['domain.write'],
};

/** All that libvirt can ask for, as its org.libvirt.api.policy lists it. */
const ALL: Readonly<Record<string, string>> = {
  connect:
    'detect-storage-pools getattr interface-transaction pm-control read search-domains search-interfaces search-networks search-node-devices search-nwfilter-bindings search-nwfilters search-secrets search-storage-pools write',
  domain:
    'block-read block-write checkpoint core-dump delete fs-freeze fs-trim getattr hibernate init-control inject-nmi mem-read migrate open-device open-graphics open-namespace pm-control read read-secure reset save screenshot send-input send-signal set-password set-time snapshot start stop suspend write',
  interface: 'delete getattr read save start stop write',
  network: 'delete getattr read save search-ports start stop write',
  'network-port': 'create delete getattr read write',
  'node-device': 'delete detach getattr read start stop write',
  nwfilter: 'delete getattr read save write',
  'nwfilter-binding': 'create delete getattr read',
  secret: 'delete getattr read read-secure save write',
  'storage-pool': 'delete format getattr read refresh save search-storage-vols start stop write',
  'storage-vol': 'create data-read data-write delete format getattr read resize',
};
const PERMISSIONS = Object.entries(ALL).flatMap(([object, names]) =>
  names.split(' ').map((name) => `${object}.${name}`),
);

type Rule = (action: { readonly id: string }, subject: { readonly user: string }) => string | undefined;

/** What polkit would make of the example. */
function exampleRule(): Rule {
  let rule: Rule | undefined;
  const polkit = {
    Result: { YES: 'yes', NO: 'no' },
    addRule: (added: Rule) => {
      rule = added;
    },
  };
  new Function('polkit', readFileSync('examples/50-drover.rules', 'utf8'))(polkit);
  if (rule === undefined) throw new Error('the example adds no rule');
  return rule;
}

const asDrover = (permission: string) => exampleRule()({ id: `org.libvirt.api.${permission}` }, { user: 'drover' });

describe('the example for polkit', () => {
  test('grants what each call of the driver asks for', () => {
    const refused = Object.entries(ASKED_FOR).flatMap(([call, permissions]) =>
      permissions.filter((permission) => asDrover(permission) !== 'yes').map((permission) => `${call}: ${permission}`),
    );
    expect(refused).toEqual([]);
    expect(exampleRule()({ id: 'org.libvirt.unix.manage' }, { user: 'drover' })).toBe('yes');
  });

  test('grants nothing else', () => {
    const needed = new Set(Object.values(ASKED_FOR).flat());
    expect(PERMISSIONS.filter((permission) => asDrover(permission) === 'yes' && !needed.has(permission))).toEqual([]);
    expect([...needed].filter((permission) => !PERMISSIONS.includes(permission))).toEqual([]);
  });

  test('says nothing about others, and about anything but libvirt', () => {
    expect(exampleRule()({ id: 'org.libvirt.api.domain.read' }, { user: 'mallory' })).toBeUndefined();
    expect(exampleRule()({ id: 'org.freedesktop.login1.reboot' }, { user: 'drover' })).toBeUndefined();
  });
});
