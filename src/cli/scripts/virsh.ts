import type { Change } from '../../domain/change.ts';
import { inComment, inOrder, type PlanToExport } from './script.ts';

const HEAD = `#!/usr/bin/env bash
set -euo pipefail

# How this machine reaches the hypervisors, and their BMCs: set what is different here.
: "\${CONNECT:=qemu+ssh://%s/system}"
: "\${BMC:=%s-bmc}"
: "\${BMC_USER:=admin}"
# The password of the BMCs is taken from IPMI_PASSWORD.

# shellcheck disable=SC2059 # the format is meant to be one
uri() { printf "$CONNECT" "$1"; }
# shellcheck disable=SC2059
bmc() { printf "$BMC" "$1"; }

# migrate VM FROM TO
migrate() {
  virsh --connect "$(uri "$2")" migrate --live --persistent --undefinesource --verbose --domain "$1" --desturi "$(uri "$3")"
}

# switch_off HOST, which must have no running guest left
switch_off() {
  local guests
  guests=$(virsh --connect "$(uri "$1")" list --name)
  if [ -n "\${guests//[[:space:]]/}" ]; then
    printf '%s still runs %s\\n' "$1" "$guests" >&2
    exit 1
  fi
  ipmitool -I lanplus -C 3 -H "$(bmc "$1")" -U "$BMC_USER" -E chassis power soft
}

# switch_on HOST, and wait until its hypervisor answers
switch_on() {
  ipmitool -I lanplus -C 3 -H "$(bmc "$1")" -U "$BMC_USER" -E chassis power on
  until virsh --connect "$(uri "$1")" version >/dev/null 2>&1; do sleep 5; done
}
`;

/** A script for bash that does with virsh and ipmitool what the plan would do. */
export function virshScript(plan: PlanToExport): string {
  const steps = inOrder(plan).map(({ id, change }) => `# ${inComment(id)}\n${command(change)}\n`);
  return `${HEAD}\n# Plan ${inComment(plan.id)}\n${steps.join('')}`;
}

function command(change: Change): string {
  if (change.kind === 'power') return `switch_${change.to} ${quoted(change.host)}`;
  return `migrate ${quoted(change.vm)} ${quoted(change.from)} ${quoted(change.to)}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
