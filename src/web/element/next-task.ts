/** Milliseconds of computing before the page's other tasks may run. */
const budget = 8;

const waiting: (() => void)[] = [];
let port: MessagePort | undefined;
let since = 0;

/** Lets the page's other tasks run, if ours have computed for a while. A timer would wait at least 4 ms each time. */
export async function nextTask(): Promise<void> {
  if (performance.now() - since < budget) return;
  if (!port) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => waiting.shift()?.();
    port = port2;
  }
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    port?.postMessage(null);
  });
  since = performance.now();
}
