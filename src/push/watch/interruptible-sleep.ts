/** Sleeps that end early. */
export interface InterruptibleSleep {
  /** Ends the current sleep, or the next one at once. */
  wake(): void;
  /** Resolves after `milliseconds`, or once `wake` is called or the signal fires. */
  sleep(milliseconds: number): Promise<void>;
}

export function interruptibleSleep(signal: AbortSignal): InterruptibleSleep {
  let awake = false;
  let end: (() => void) | null = null;
  const wake = (): void => {
    awake = true;
    end?.();
  };
  signal.addEventListener("abort", wake, { once: true });
  return {
    wake,
    async sleep(milliseconds) {
      if (!awake && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      awake = false;
      end = null;
    },
  };
}
