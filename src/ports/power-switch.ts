/** What a finger could press. `shutdown` asks the machine to end in order; `cut` takes its power away. */
export type Button = 'on' | 'shutdown' | 'cut';

/**
 * The switch of one host, which works whatever the host itself does: its BMC, say. Each call throws in a sentence where
 * it is refused; to press a button twice does no harm.
 */
export interface PowerSwitch {
  /** Nothing where it cannot tell. */
  isOn(): Promise<boolean | undefined>;
  press(button: Button): Promise<void>;
  /** What the host draws now; nothing where that is not measured. */
  watts?(): Promise<number | undefined>;
  /** Leaves nothing open at the other end. */
  close?(): Promise<void>;
}
