import type { Change } from '../../domain/change.ts';
import { inComment, inOrder, type PlanToExport } from './script.ts';

const HEAD = `#Requires -Version 5.1
#Requires -Modules Hyper-V
param(
    # How the BMC of a host is called: {0} stands for the host.
    [string] $Bmc = '{0}-bmc',
    [pscredential] $BmcCredential
)
$ErrorActionPreference = 'Stop'

function Get-HostBmc([string] $Name) {
    if ($null -eq $BmcCredential) { throw 'Give the credential of the BMCs with -BmcCredential.' }
    Get-PcsvDevice -TargetAddress ($Bmc -f $Name) -ManagementProtocol IPMI -Credential $BmcCredential
}

function Move-Guest([string] $Name, [string] $From, [string] $To) {
    Move-VM -ComputerName $From -Name $Name -DestinationHost $To
}

function Stop-EmptyHost([string] $Name) {
    $running = @(Get-VM -ComputerName $Name | Where-Object State -ne 'Off')
    if ($running.Count -gt 0) { throw "$Name still runs $($running.Name -join ', ')" }
    Stop-Computer -ComputerName $Name -Force
}

function Start-EmptyHost([string] $Name) {
    Get-HostBmc $Name | Start-PcsvDevice
    do { Start-Sleep -Seconds 5 } until (Test-WSMan -ComputerName $Name -ErrorAction SilentlyContinue)
}
`;

/** A script for PowerShell that does with the cmdlets of Hyper-V what the plan would do. */
export function powershellScript(plan: PlanToExport): string {
  const steps = inOrder(plan).map(({ id, change }) => `# ${inComment(id)}\n${command(change)}\n`);
  return `${HEAD}\n# Plan ${inComment(plan.id)}\n${steps.join('')}`;
}

function command(change: Change): string {
  if (change.kind === 'power') {
    return `${change.to === 'on' ? 'Start' : 'Stop'}-EmptyHost -Name ${quoted(change.host)}`;
  }
  return `Move-Guest -Name ${quoted(change.vm)} -From ${quoted(change.from)} -To ${quoted(change.to)}`;
}

/** PowerShell takes typographic quotes for quotes too. */
const quoted = (text: string): string => `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
