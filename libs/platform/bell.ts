/**
 * Rung by whoever has news for those who wait. They remember how often it had rung when they looked last, so that a ring between
 * the look and the wait is not missed.
 */
export class Bell {
  private count = 0;
  private readonly waiting = new Set<() => void>();

  get rings(): number {
    return this.count;
  }

  ring(): void {
    this.count += 1;
    for (const goOn of this.waiting) goOn();
  }

  /** Waits until it has rung since, or for so many milliseconds. */
  async after(rings: number, ms: number): Promise<void> {
    if (this.count > rings) return;
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer);
        this.waiting.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, ms);
      this.waiting.add(goOn);
    });
  }
}
