// What every contestant of a race offers.

export interface Contestant {
  /** One step of training (forward, backward, AdamW), handed to its device. */
  step(): Promise<void>;
  /** Loss that the last step began with; kept once that step has been carried out. */
  loss(): Promise<number>;
}
