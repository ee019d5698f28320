/** What a metric is, and how one is declared. */

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** How the name of a metric with this unit ends, before `_total`. */
export const UNIT_SUFFIX = {
  seconds: '_seconds',
  bytes: '_bytes',
  'bytes per second': '_bytes_per_second',
  hertz: '_hertz',
  joules: '_joules',
  watts: '_watts',
  ratio: '_ratio',
  'money per hour': '_per_hour',
  'money per joule': '_per_joule',
  number: '',
} as const;

export type Unit = keyof typeof UNIT_SUFFIX;

/** What a label may say: one of fixed values, or open with a bound; values beyond the bound are counted as `other`. */
export interface Label {
  readonly values: readonly string[] | undefined;
  readonly most: number;
}

export interface Metric<Type extends MetricType = MetricType, L extends string = string> {
  readonly name: string;
  readonly type: Type;
  readonly unit: Unit;
  readonly labels: Readonly<Record<L, Label>>;
  readonly about: string;
  readonly buckets: readonly number[];
}

/** The label value that stands for all values beyond a bound. */
export const OTHER = 'other';

export const oneOf = (values: readonly string[]): Label => ({ values, most: values.length });
export const open = (most: number): Label => ({ values: undefined, most });

type Declare<Type extends MetricType> = <L extends string = never>(
  name: string,
  unit: Unit,
  about: string,
  labels?: Readonly<Record<L, Label>>,
) => Metric<Type, L>;

export function declare<Type extends MetricType>(type: Type, buckets: readonly number[] = []): Declare<Type> {
  return <L extends string = never>(name: string, unit: Unit, about: string, labels?: Readonly<Record<L, Label>>) => ({
    name,
    type,
    unit,
    about,
    labels: labels ?? ({} as Readonly<Record<L, Label>>),
    buckets,
  });
}

export const counter = declare('counter');
export const gauge = declare('gauge');
