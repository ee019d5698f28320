import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { powershellScript } from '../../src/cli/scripts/powershell.ts';
import type { PlanToExport } from '../../src/cli/scripts/script.ts';
import { virshScript } from '../../src/cli/scripts/virsh.ts';
import type { Change } from '../../src/domain/change.ts';
import type { PlannedStep } from '../../src/serve/api.ts';

const NASTY = `it's "$(touch pwned)" \`id\` ; rm -rf x`;

const step = (id: string, change: Change, startsAtMs: number): PlannedStep => {
  return { id, change, decision: 'd1', after: [], startsAtMs, endsAtMs: startsAtMs + 1, words: '' };
};

const plan: PlanToExport = {
  id: 'p70',
  steps: [
    step('p70-s3', { kind: 'power', host: 'h1', to: 'off' }, 30),
    step('p70-s2', { kind: 'move', vm: NASTY, from: 'h1', to: 'h2' }, 20),
    step('p70-s1', { kind: 'power', host: 'h2', to: 'on' }, 10),
    step('x\nrm -rf y', { kind: 'move', vm: 'web', from: 'h1', to: 'h3' }, 15),
  ],
};

/** Runs the script with tools that only write down how they were called. */
function run(script: string, virsh = 'exit 0') {
  const folder = mkdtempSync(join(tmpdir(), 'drover-script-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const calls = join(folder, 'calls');
  for (const [name, rest] of [
    ['virsh', virsh],
    ['ipmitool', 'exit 0'],
  ] as const) {
    const file = join(folder, name);
    writeFileSync(
      file,
      `#!/bin/bash\nprintf '%s' "${name}" >> "${calls}"\nprintf '|%s' "$@" >> "${calls}"\necho >> "${calls}"\n${rest}\n`,
    );
    chmodSync(file, 0o755);
  }
  writeFileSync(join(folder, 'plan.sh'), script);
  const { status, stderr } = spawnSync('bash', ['plan.sh'], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  return { status, stderr, calls: readFileSync(calls, 'utf8').trimEnd().split('\n') };
}

describe('for virsh', () => {
  test('the steps come in the order of the plan, and names are only ever names', () => {
    const { status, stderr, calls } = run(virshScript(plan));
    expect([status, stderr]).toEqual([0, '']);
    const migrate = '|migrate|--live|--persistent|--undefinesource|--verbose|--domain|';
    expect(calls).toEqual([
      'ipmitool|-I|lanplus|-C|3|-H|h2-bmc|-U|admin|-E|chassis|power|on',
      'virsh|--connect|qemu+ssh://h2/system|version',
      `virsh|--connect|qemu+ssh://h1/system${migrate}web|--desturi|qemu+ssh://h3/system`,
      `virsh|--connect|qemu+ssh://h1/system${migrate}${NASTY}|--desturi|qemu+ssh://h2/system`,
      'virsh|--connect|qemu+ssh://h1/system|list|--name',
      'ipmitool|-I|lanplus|-C|3|-H|h1-bmc|-U|admin|-E|chassis|power|soft',
    ]);
  });

  test('a host on which something still runs is not switched off', () => {
    const { status, stderr, calls } = run(virshScript({ ...plan, steps: plan.steps.slice(0, 1) }), 'echo web');
    expect(status).toBe(1);
    expect(stderr).toContain('h1 still runs web');
    expect(calls.filter((call) => call.startsWith('ipmitool'))).toEqual([]);
  });
});

test('for PowerShell, the steps come in the order of the plan, and quotes are doubled', () => {
  const lines = powershellScript(plan).split('\n');
  const body = lines.slice(lines.indexOf('# Plan p70') + 1);
  expect(body).toEqual([
    '# p70-s1',
    "Start-EmptyHost -Name 'h2'",
    '# x rm -rf y',
    "Move-Guest -Name 'web' -From 'h1' -To 'h3'",
    '# p70-s2',
    `Move-Guest -Name '${NASTY.replace("'", "''")}' -From 'h1' -To 'h2'`,
    '# p70-s3',
    "Stop-EmptyHost -Name 'h1'",
    '',
  ]);
});
