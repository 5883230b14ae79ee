// What every contestant of a race offers.

export interface Contestant {
  /** One step of training (forward, backward, AdamW), handed to its device: the next need not wait for it. */
  step(): Promise<void>;
  /** Loss that the last step began with, once that step has been carried out. */
  loss(): Promise<number>;
}
