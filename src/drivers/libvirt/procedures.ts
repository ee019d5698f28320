/** Numbers that libvirt's remote protocol gives to things; they never change. */
export const REMOTE_PROGRAM = 0x20008086;
export const KEEPALIVE_PROGRAM = 0x6b656570;
export const PING = 1;
export const PONG = 2;

export const PROCEDURE = {
  open: 1,
  close: 2,
  nodeInfo: 6,
  capabilities: 7,
  defineXml: 11,
  domainXml: 14,
  resume: 28,
  undefine: 35,
  domainRestore: 54,
  domainSave: 55,
  hostname: 59,
  supportsFeature: 60,
  authList: 66,
  authPolkit: 70,
  poolCreate: 76,
  poolDestroy: 80,
  poolRefresh: 83,
  poolByName: 84,
  poolXml: 88,
  volumeCreate: 93,
  volumeDelete: 94,
  libVersion: 157,
  abortJob: 164,
  domainState: 212,
  nodeCpuStats: 227,
  nodeMemoryStats: 228,
  savedXml: 235,
  listDomains: 273,
  listPools: 281,
  listVolumes: 282,
  listNetworks: 283,
  listInterfaces: 284,
  jobStats: 298,
  migrateBegin: 302,
  migratePrepare: 303,
  migrate: 305,
  migrateFinish: 306,
  migrateConfirm: 307,
  registerEvent: 316,
  allDomainStats: 344,
  startPostCopy: 364,
  compareCpu: 393,
  startDirtyRate: 427,
} as const;

/** Events that are asked for, by libvirt's number. */
export const EVENT = {
  lifecycle: 0,
  deviceRemoved: 15,
  deviceAdded: 19,
  migrationIteration: 20,
  jobCompleted: 21,
  metadataChanged: 23,
} as const;

export const LIFECYCLE = { started: 2, suspended: 3, resumed: 4, stopped: 5 } as const;
/** The detail that says that a migration was the cause. */
export const STARTED_BY_MIGRATION = 1;
export const SUSPENDED_BY_MIGRATION = 1;
export const SUSPENDED_BY_POST_COPY = 7;
export const RESUMED_BY_MIGRATION = 1;
export const RESUMED_BY_POST_COPY = 3;
export const STOPPED_BY_SHUTDOWN = 0;
export const STOPPED_BY_MIGRATION = 3;
export const STOPPED_BY_SAVING = 4;

export const ERROR = {
  noSupport: 3,
  unknownProcedure: 39,
  noDomain: 42,
  operationInvalid: 55,
  aborted: 78,
  unsupported: 84,
  accessDenied: 88,
} as const;

export const MIGRATE = {
  live: 1,
  peerToPeer: 2,
  persistOnTarget: 8,
  undefineOnSource: 16,
  paused: 32,
  changeProtection: 256,
  compressed: 2048,
  abortOnError: 4096,
  autoConverge: 8192,
  postCopy: 32_768,
  parallel: 131_072,
} as const;

export const STATS = { state: 1, cpu: 2, balloon: 4, network: 16, dirtyRate: 512 } as const;
export const ONLY_ACTIVE = 1;
export const ONLY_PERSISTENT = 4;
/** Do not wait for a domain that is busy: say less of it. */
export const NO_WAIT = 1 << 29;
/** Of a description: with its secrets, and as it is kept for the next start. */
export const XML_SECURE = 1;
export const XML_INACTIVE = 2;
export const XML_MIGRATABLE = 8;
export const COMPLETED_JOB = 1;
export const KEEP_COMPLETED_JOB = 2;

/** The feature "I answer your pings". */
export const ANSWERS_PINGS = 10;
