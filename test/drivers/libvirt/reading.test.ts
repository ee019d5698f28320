import { describe, expect, test } from 'vitest';
import { GIB, MIB } from '../../../src/domain/units.ts';
import { readCapabilities, readPool } from '../../../src/drivers/libvirt/capabilities.ts';
import { readDomainXml } from '../../../src/drivers/libvirt/domain-xml.ts';
import { vmOf } from '../../../src/drivers/libvirt/inventory.ts';
import { offeredStorages, storagesOf } from '../../../src/drivers/libvirt/storages.ts';
import { at, parseXml } from '../../../src/drivers/libvirt/xml.ts';

const DOMAIN = `<?xml version='1.0'?>
<domain type='kvm' id='3'>
  <name>db &amp; web</name>
  <metadata>
    <other:thing xmlns:other="urn:other"><other:label name="app" value="not mine"/></other:thing>
    <drover:vm xmlns:drover="urn:drover:vm:1" tier="gold" pinnedTo="h1, h2" quick="yes">
      <drover:label name="app" value="shop"/>
      <drover:apart group="db"/>
      <drover:together group="shop"/>
    </drover:vm>
  </metadata>
  <memory unit='GiB'>4</memory>
  <currentMemory unit='KiB'>1048576</currentMemory>
  <vcpu placement='static' current='2'>4</vcpu>
  <cpu mode='custom' match='exact'>
    <model fallback='forbid'>EPYC</model><vendor>AMD</vendor>
    <feature policy='require' name='avx2'/><feature policy='disable' name='svm'/>
  </cpu>
  <devices>
    <!-- <disk type='file'><source file='/never'/></disk> -->
    <disk type='file' device='disk'><source file='/mnt/nfs/db.qcow2'/></disk>
    <disk type='network'><source protocol='rbd' name='vms/db'><host name='mon1'/></source></disk>
    <disk type='volume'><source pool='fast' volume='a'/></disk>
    <disk type='file' device='cdrom'><target dev='sda'/></disk>
    <interface type='bridge'><source bridge='br0'/><vlan><tag id='42'/></vlan></interface>
    <interface type='network'><source network='default' bridge='virbr0'/></interface>
  </devices>
</domain>`;

describe('the description of a domain', () => {
  const facts = readDomainXml(DOMAIN);

  test('says how large it is', () => {
    expect(facts).toMatchObject({ vcpus: 2, memoryBytes: 4 * GIB });
    expect(readDomainXml('<domain><memory>2048</memory><vcpu>1</vcpu></domain>').memoryBytes).toBe(2 * MIB);
  });

  test('says what it is plugged into', () => {
    expect(facts.disks).toEqual([
      { kind: 'path', path: '/mnt/nfs/db.qcow2' },
      { kind: 'network', storage: 'rbd:vms' },
      { kind: 'volume', pool: 'fast' },
    ]);
    expect(facts.networks).toEqual(['br0.42', 'network:default']);
    expect(facts.cpu).toEqual({ mode: 'custom', model: 'EPYC', vendor: 'AMD', features: ['avx2'] });
  });

  test('carries notes for Drover, and only those of our namespace', () => {
    expect(facts.notes).toEqual({
      labels: { app: 'shop' },
      tier: 'gold',
      pinnedTo: ['h1', 'h2'],
      isFixed: false,
      quickAllowed: true,
      postCopyAllowed: false,
      apart: ['db'],
      together: ['shop'],
    });
  });

  test.each([
    ["<hostdev mode='subsystem' type='pci'/>", 'a host device (pci)'],
    ["<interface type='hostdev'/>", 'a network card of the host'],
    ["<filesystem type='mount'/>", 'a folder of the host'],
  ])('says that it holds %s', (device, words) => {
    expect(readDomainXml(`<domain><devices>${device}</devices></domain>`).holds).toEqual([words]);
  });
});

test.each([
  ['nothing', '', undefined, ''],
  ['a passed-through device', "<devices><hostdev type='pci'/></devices>", undefined, 'it holds a host device (pci)'],
  [
    'a network card and a folder',
    "<devices><interface type='hostdev'/><filesystem/><filesystem/></devices>",
    undefined,
    'it holds a network card of the host and a folder of the host',
  ],
  [
    'a disk of its own',
    "<devices><disk type='file'><source file='/var/lib/web.img'/></disk></devices>",
    undefined,
    'it has a disk that no other host has',
  ],
  [
    'its notes',
    '<metadata><d:vm xmlns:d="urn:drover:vm:1" migratable="no"/></metadata>',
    undefined,
    'its notes say migratable="no"',
  ],
  ['a person who paused it', '', 'is paused on h1 by somebody', 'it is paused on h1 by somebody'],
])('a guest is tied to its host by %s', (_, xml, trouble, tie) => {
  const domain = { name: 'web', uuid: 'u', number: 1 };
  const facts = readDomainXml(`<domain><memory>2048</memory>${xml}</domain>`);
  const guest = { id: 'web', uuid: 'u', domain, facts, host: 'h1', ...(trouble !== undefined && { trouble }) };
  expect(vmOf(guest, [], [])).toMatchObject({ migratable: tie === '', tie });
});

describe('XML', () => {
  test('entities and CDATA are text', () => {
    const xml = parseXml('<a b="&lt;&#65;&#x42;&quot;">1 &amp; <![CDATA[<2>]]><c/></a>');
    expect(xml.attributes.b).toBe('<AB"');
    expect(xml.text).toBe('1 & <2>');
    expect(at(xml, 'c')).toBeDefined();
  });

  test.each(['<a><b></a>', '<a>', 'no element'])('%s is refused', (source) => {
    expect(() => parseXml(source)).toThrow(SyntaxError);
  });
});

test('capabilities say what kind of host it is', () => {
  const source = `<capabilities><host><uuid>u-1</uuid>
    <cpu><arch>x86_64</arch><model>EPYC-Rome</model><vendor>AMD</vendor><feature name='avx2'/></cpu>
    <topology><cells num='2'><cell id='0'/><cell id='1'/></cells></topology></host></capabilities>`;
  expect(readCapabilities(source)).toEqual({
    uuid: 'u-1',
    cpu: { vendor: 'AMD', model: 'EPYC-Rome', features: ['avx2'] },
    numaCells: 2,
  });
});

const NFS = readPool(`<pool type='netfs'><name>nfs</name><source><host name='filer'/><dir path='/vol1'/></source>
  <target><path>/mnt/nfs</path></target></pool>`);
const DIR = readPool(`<pool type='dir'><name>fast</name><target><path>/ssd</path></target></pool>`);

describe('storages', () => {
  test('are called the same on every host that sees them', () => {
    const onH1 = storagesOf([{ kind: 'path', path: '/mnt/nfs/a' }], 'h1', [NFS], []);
    expect(onH1).toEqual(['netfs:filer:/vol1']);
    expect(offeredStorages('h2', [NFS], [])).toContain('netfs:filer:/vol1');
  });

  test('that are local are offered by one host only', () => {
    const onH1 = storagesOf(
      [
        { kind: 'volume', pool: 'fast' },
        { kind: 'path', path: '/srv/a' },
      ],
      'h1',
      [DIR],
      [],
    );
    expect(onH1).toEqual(['local disks of h1']);
    expect(offeredStorages('h2', [DIR], [])).toEqual(['local disks of h2']);
  });

  test('below a shared path are the same everywhere, and only below it', () => {
    const shared = ['/ssd'];
    expect(storagesOf([{ kind: 'path', path: '/ssd/a' }], 'h1', [DIR], shared)).toEqual(['/ssd']);
    expect(storagesOf([{ kind: 'path', path: '/ssd2/a' }], 'h1', [DIR], shared)).toEqual(['local disks of h1']);
    expect(offeredStorages('h1', [DIR], shared)).toEqual(['/ssd', 'local disks of h1']);
  });
});
