import { describe, expect, test } from 'vitest';
import type { Hypervisor } from '../../../src/drivers/libvirt/hypervisor.ts';
import { PROCEDURE } from '../../../src/drivers/libvirt/procedures.ts';
import { type SavedImage, SaveFolder } from '../../../src/drivers/libvirt/save-folder.ts';
import { XdrReader, XdrWriter } from '../../../src/drivers/libvirt/xdr.ts';

const UUID = '1ab00000-0000-4000-9000-000000000001';

/** A folder with these files, as a storage pool shows it. */
function folderOf(files: Set<string>): Hypervisor {
  const pool = () => new XdrWriter().text('nfs').fixed(Buffer.alloc(16));
  const ask = async (procedure: number, args: XdrWriter) => {
    const sent = new XdrReader(args.finish());
    if (procedure === PROCEDURE.poolByName) return new XdrReader(pool().finish());
    if (procedure === PROCEDURE.volumeDelete) {
      sent.text();
      files.delete(sent.text());
    } else if (procedure === PROCEDURE.volumeCreate) {
      sent.text();
      sent.fixed(16);
      files.add(/<name>(.*?)<\/name>/.exec(sent.text())?.[1] ?? '');
    }
    const reply = new XdrWriter().uint(files.size);
    for (const name of files) reply.text('nfs').text(name).text(`/nfs/${name}`);
    return new XdrReader(procedure === PROCEDURE.listVolumes ? reply.finish() : Buffer.alloc(0));
  };
  const pools = async () => [`<pool type='dir'><name>nfs</name><target><path>/nfs</path></target></pool>`];
  return { ask, pools } as Partial<Hypervisor> as Hypervisor;
}

const image = (parts: Partial<SavedImage> = {}): SavedImage => ({
  uuid: UUID,
  from: 'h1',
  to: 'h2',
  isLasting: true,
  ...parts,
});

describe('the folder of saved guests', () => {
  test.each([
    ['plain hosts', {}],
    ['hosts with dots and quotes in their names', { from: "kvm1.example/'a'", to: 'kvm2 <b>.example' }],
    ['a guest that was defined nowhere', { isLasting: false }],
  ])('keeps in the name of a file what is to be known after a crash: %s', async (_, parts) => {
    const folder = new SaveFolder('/nfs/');
    const path = folder.pathOf(image(parts));
    const files = new Set([path.slice('/nfs/'.length), 'some-disk.qcow2', `${UUID}.saved`]);
    expect(path).not.toMatch(/[<>' ]/);
    expect(await folder.images(folderOf(files))).toEqual([{ image: image(parts), resumedOn: [] }]);
  });

  test('remembers who was told to resume a guest, until that one has refused', async () => {
    const folder = new SaveFolder('/nfs');
    const files = new Set([folder.pathOf(image()).slice('/nfs/'.length)]);
    const hypervisor = folderOf(files);
    await folder.mark(hypervisor, image(), 'h2');
    await folder.mark(hypervisor, image(), 'h1.example');
    expect(await folder.images(hypervisor)).toEqual([{ image: image(), resumedOn: ['h2', 'h1.example'] }]);
    await folder.unmark(hypervisor, image(), 'h2');
    expect(await folder.images(hypervisor)).toEqual([{ image: image(), resumedOn: ['h1.example'] }]);
  });

  test('forgets a guest that runs again with all that was noted of it, and nobody else', async () => {
    const folder = new SaveFolder('/nfs');
    const [mine, other] = [image(), image({ uuid: UUID.replace('1', '2') })];
    const files = new Set([mine, other].map((one) => folder.pathOf(one).slice('/nfs/'.length)));
    const hypervisor = folderOf(files);
    await folder.mark(hypervisor, mine, 'h2');
    await folder.forget(hypervisor, mine);
    expect(await folder.images(hypervisor)).toEqual([{ image: other, resumedOn: [] }]);
    expect(files.size).toBe(1);
  });
});
